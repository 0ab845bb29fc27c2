// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority, and a certificate of it for each end of a connection on this machine, as PEM files.
 */
public final class TestCertificates {
  private static final X500Name AUTHORITY = new X500Name("CN=authority");

  private final Path directory;

  private TestCertificates(Path directory) {
    this.directory = directory;
  }

  /** Writes new files into the directory. */
  public static TestCertificates in(Path directory) {
    TestCertificates certificates = new TestCertificates(directory);
    KeyPair authority = keys();
    certificates.write("authority", authority, AUTHORITY, authority);
    certificates.write("server", keys(), new X500Name("CN=server"), authority);
    certificates.write("client", keys(), new X500Name("CN=client"), authority);
    return certificates;
  }

  public ServerTls server() {
    return new ServerTls(file("server.crt"), file("server.key"), authority());
  }

  public Path authority() {
    return file("authority.crt");
  }

  public Path client() {
    return file("client.crt");
  }

  public Path clientKey() {
    return file("client.key");
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void write(String name, KeyPair keys, X500Name subject, KeyPair authority) {
    try {
      pem(file(name + ".crt"), "CERTIFICATE", sign(keys, subject, authority).getEncoded());
      pem(file(name + ".key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(KeyPair keys, X500Name subject, KeyPair authority)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Instant now = Instant.now();
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    AUTHORITY,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    subject,
                    keys.getPublic())
                .addExtension(
                    Extension.basicConstraints,
                    true,
                    new BasicConstraints(subject.equals(AUTHORITY)))
                .addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                .build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pem(Path file, String type, byte[] bytes) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), type));
  }
}
