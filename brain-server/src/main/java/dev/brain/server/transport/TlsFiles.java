// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the files of TLS.
 *
 * @param chain the server's certificate first, then its chain
 * @param key its private key
 * @param authorities who signs clients' certificates; empty if clients need none
 */
record TlsFiles(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {

  /**
   * Reads the files.
   *
   * @param clock tells whether a certificate has expired
   * @throws TlsException if a file cannot be read, holds something else, or does not fit the others
   */
  static TlsFiles read(ServerConfig.Tls files, InstantSource clock) throws TlsException {
    List<X509Certificate> chain = certificates(files.certificates());
    PrivateKey key = key(files.key());
    Path authorityFile = files.trustedAuthorities();
    List<X509Certificate> authorities =
        authorityFile == null ? List.of() : certificates(authorityFile);
    checkValid(files.certificates(), chain.getFirst(), clock);
    if (!belong(key, chain.getFirst().getPublicKey())) {
      throw new TlsException(
          files.key() + ": is not the private key of the certificate in " + files.certificates());
    }
    return new TlsFiles(chain, key, authorities);
  }

  /** Reads all certificates of a file; at least one. */
  static List<X509Certificate> certificates(Path file) throws TlsException {
    String text = text(file);
    if (!text.contains("BEGIN CERTIFICATE")) {
      throw new TlsException(file + ": holds no certificate (expected: PEM, BEGIN CERTIFICATE)");
    }
    Collection<? extends Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (CertificateException e) {
      throw new TlsException(file + ": is damaged: " + e.getMessage());
    }
    return found.stream()
        .filter(X509Certificate.class::isInstance)
        .map(X509Certificate.class::cast)
        .toList();
  }

  /** Reads a key: PKCS#8 as well as the older forms that kubeadm and cert-manager write. */
  static PrivateKey key(Path file) throws TlsException {
    String text = text(file);
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (object instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
        if (object instanceof PEMEncryptedKeyPair) {
          break;
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new TlsException(file + ": is damaged: " + e.getMessage());
    }
    throw new TlsException(
        file + ": holds no private key that can be used (expected: PEM, unencrypted)");
  }

  private static String text(Path file) throws TlsException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new TlsException(file + ": no such file");
    } catch (IOException e) {
      throw new TlsException(file + ": cannot be read: " + reason(e));
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replace("Exception", "");
    String message =
        e instanceof java.nio.file.FileSystemException file ? file.getReason() : e.getMessage();
    return message == null ? name : message;
  }

  private static void checkValid(Path file, X509Certificate certificate, InstantSource clock)
      throws TlsException {
    Instant now = clock.instant();
    Instant end = certificate.getNotAfter().toInstant();
    if (now.isAfter(end)) {
      throw new TlsException(file + ": the certificate expired at " + end);
    }
    Instant begin = certificate.getNotBefore().toInstant();
    if (now.isBefore(begin)) {
      throw new TlsException(file + ": the certificate is not valid before " + begin);
    }
  }

  /** Whether what the private key signs is accepted by the public key. */
  private static boolean belong(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm = signatureOf(publicKey);
    if (algorithm == null) {
      return true;
    }
    try {
      byte[] text = {1, 2, 3};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(text);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(text);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static @Nullable String signatureOf(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "EdDSA";
      default -> null;
    };
  }
}
