// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Makes certificates for tests. */
public final class TestAuthority {
  private static final AtomicLong SERIALS = new AtomicLong(System.nanoTime());

  private final KeyPair keys = ecKeys();
  private final X500Name name = new X500Name("CN=authority " + SERIALS.incrementAndGet());
  private final X509Certificate certificate;

  /** Makes an authority that signs its own certificate. */
  public TestAuthority() {
    Instant now = Instant.now();
    this.certificate =
        sign(
            new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(SERIALS.incrementAndGet()),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                name,
                keys.getPublic()),
            new BasicConstraints(true),
            "localhost",
            KeyPurposeId.anyExtendedKeyUsage);
  }

  /** A key and the certificate for it. */
  public record Identity(KeyPair keys, X509Certificate certificate) {
    /** Writes both. */
    public void write(Path certificateFile, Path keyFile) {
      writePem(certificateFile, certificate);
      writePem(keyFile, new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }
  }

  /** The authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A certificate for a server on this machine. */
  public Identity server() {
    return issue(
        ecKeys(), Duration.ofHours(-1), Duration.ofHours(1), KeyPurposeId.id_kp_serverAuth);
  }

  /** A certificate for a client. */
  public Identity client() {
    return issue(
        ecKeys(), Duration.ofHours(-1), Duration.ofHours(1), KeyPurposeId.id_kp_clientAuth);
  }

  /** A certificate for a member, who is server and client, with a host name of its own. */
  public Identity member(String host) {
    return issue(
        ecKeys(),
        Duration.ofHours(-1),
        Duration.ofHours(1),
        host,
        KeyPurposeId.id_kp_serverAuth,
        KeyPurposeId.id_kp_clientAuth);
  }

  /** A certificate that is valid between two moments, counted from now. */
  public Identity issue(KeyPair pair, Duration from, Duration to, KeyPurposeId purpose) {
    return issue(pair, from, to, "localhost", purpose);
  }

  private Identity issue(
      KeyPair pair, Duration from, Duration to, String host, KeyPurposeId... purposes) {
    Instant now = Instant.now();
    X509Certificate issued =
        sign(
            new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(SERIALS.incrementAndGet()),
                Date.from(now.plus(from)),
                Date.from(now.plus(to)),
                new X500Name("CN=localhost"),
                pair.getPublic()),
            new BasicConstraints(false),
            host,
            purposes);
    return new Identity(pair, issued);
  }

  private X509Certificate sign(
      X509v3CertificateBuilder builder,
      BasicConstraints constraints,
      String host,
      KeyPurposeId... purposes) {
    try {
      builder
          .addExtension(Extension.basicConstraints, true, constraints)
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  host.equals("localhost")
                      ? new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, host),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                      }
                      : new GeneralName[] {new GeneralName(GeneralName.dNSName, host)}));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key pair on an elliptic curve. */
  public static KeyPair ecKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An RSA key pair. */
  public static KeyPair rsaKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A private key in the form of old: BEGIN EC PRIVATE KEY or BEGIN RSA PRIVATE KEY. */
  public static PemObject oldForm(KeyPair pair) {
    try {
      if (pair.getPrivate() instanceof ECPrivateKey key) {
        int bits = key.getParams().getOrder().bitLength();
        return new PemObject(
            "EC PRIVATE KEY",
            new org.bouncycastle.asn1.sec.ECPrivateKey(
                    bits, key.getS(), SECObjectIdentifiers.secp256r1)
                .getEncoded());
      }
      return new PemObject(
          "RSA PRIVATE KEY",
          PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
              .parsePrivateKey()
              .toASN1Primitive()
              .getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes something in PEM. */
  public static void writePem(Path file, Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
      writer.flush();
      Files.writeString(file, text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
