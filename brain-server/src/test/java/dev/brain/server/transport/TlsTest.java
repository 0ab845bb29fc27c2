// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.transport.TestAuthority.Identity;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TlsTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestAuthority STRANGER = new TestAuthority();

  @TempDir Path directory;

  @BeforeEach
  void write() {
    writeServer(AUTHORITY.server());
    TestAuthority.writePem(directory.resolve("ca.crt"), AUTHORITY.certificate());
  }

  @Test
  void port_servesGrpcAndHttp() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      put(ports.tlsChannel(AUTHORITY, null));

      // The one of HTTP/2 offers h2 and http/1.1, as curl and Prometheus do.
      for (HttpClient.Version version :
          List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
        try (HttpClient client =
            HttpClient.newBuilder().version(version).sslContext(context(AUTHORITY, null)).build()) {
          assertThat(page(client, ports)).isEqualTo("hello\n");
        }
      }
    }
  }

  @Test
  void port_clientWithCertificate() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, true), 10)) {
      Identity client = AUTHORITY.client();
      put(ports.tlsChannel(AUTHORITY, client));
      try (HttpClient http =
          HttpClient.newBuilder()
              .sslContext(context(AUTHORITY, client))
              .version(HttpClient.Version.HTTP_1_1)
              .build()) {
        assertThat(page(http, ports)).isEqualTo("hello\n");
      }
    }
  }

  static Stream<Identity> strangers() {
    Duration hour = Duration.ofHours(1);
    KeyPurposeId client = KeyPurposeId.id_kp_clientAuth;
    return Stream.of(
        STRANGER.client(),
        AUTHORITY.issue(TestAuthority.ecKeys(), hour.multipliedBy(-2), hour.negated(), client),
        AUTHORITY.issue(TestAuthority.ecKeys(), hour, hour.multipliedBy(2), client),
        AUTHORITY.issue(
            TestAuthority.ecKeys(), hour.negated(), hour, KeyPurposeId.id_kp_serverAuth));
  }

  /** Unknown authority, expired, not yet valid, made for servers only. */
  @ParameterizedTest
  @MethodSource("strangers")
  void port_clientWithWrongCertificate(Identity stranger) throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, true), 10)) {
      assertRefused(ports, stranger);
    }
  }

  @Test
  void port_clientWithoutCertificate() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, true), 10)) {
      assertRefused(ports, null);
    }
  }

  private static void assertRefused(Ports ports, @Nullable Identity identity) throws Exception {
    ManagedChannel channel = ports.tlsChannel(AUTHORITY, identity);
    assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> put(channel));
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(context(AUTHORITY, identity))
            .build()) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> page(client, ports));
    }
  }

  @Test
  void port_clientThatTrustsAnother() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      ManagedChannel channel = ports.tlsChannel(STRANGER, null);
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> put(channel));
    }
  }

  @Test
  void port_plaintext() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      ManagedChannel channel = ports.plaintextChannel();
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> put(channel));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.port())) {
        socket
            .getOutputStream()
            .write("GET /page HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP", "hello");
      }
    }
  }

  @Test
  void port_oldVersions() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      handshake(ports, "TLSv1.2");
      handshake(ports, "TLSv1.3");
    }
    ServerConfig.Tls files = Ports.files(directory, false);
    ServerConfig.Tls newest =
        new ServerConfig.Tls(
            files.certificates(), files.key(), null, List.of("TLSv1.3"), List.of());
    try (Ports ports = new Ports(newest, 10)) {
      handshake(ports, "TLSv1.3");
      assertThatExceptionOfType(SSLException.class).isThrownBy(() -> handshake(ports, "TLSv1.2"));
    }
  }

  private static void handshake(Ports ports, String version) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            context(AUTHORITY, null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), ports.port())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
    }
  }

  @Test
  void reload_newCertificate() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      ManagedChannel old = ports.tlsChannel(AUTHORITY, null);
      put(old);

      writeServer(STRANGER.server());
      reload(ports);

      put(old);
      put(ports.tlsChannel(STRANGER, null));
      ManagedChannel late = ports.tlsChannel(AUTHORITY, null);
      assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> put(late));
    }
  }

  @Test
  void reload_badFiles() throws Exception {
    try (Ports ports = new Ports(Ports.files(directory, false), 10)) {
      Files.delete(directory.resolve("server.key"));
      reload(ports);
      put(ports.tlsChannel(AUTHORITY, null));

      Files.writeString(directory.resolve("server.key"), "no key");
      reload(ports);
      put(ports.tlsChannel(AUTHORITY, null));

      writeServer(STRANGER.server());
      reload(ports);
      put(ports.tlsChannel(STRANGER, null));
    }
  }

  private static void reload(Ports ports) {
    assertThat(ports.tls).isNotNull();
    ports.tls.reloadIfChanged();
  }

  @Test
  void read_keysOfEveryForm() throws Exception {
    for (var keys : List.of(TestAuthority.ecKeys(), TestAuthority.rsaKeys())) {
      Identity identity =
          AUTHORITY.issue(
              keys, Duration.ofHours(-1), Duration.ofHours(1), KeyPurposeId.id_kp_serverAuth);
      writeServer(identity);
      assertThat(read().key().getAlgorithm()).isEqualTo(keys.getPrivate().getAlgorithm());

      // Reading checks that the key belongs to the certificate.
      TestAuthority.writePem(directory.resolve("server.key"), TestAuthority.oldForm(keys));
      assertThat(read().key().getAlgorithm()).isEqualTo(keys.getPrivate().getAlgorithm());
    }
  }

  @Test
  void read_faults() throws Exception {
    Path certificate = directory.resolve("server.crt");
    Path key = directory.resolve("server.key");
    Path authorities = directory.resolve("ca.crt");

    Files.writeString(authorities, "hello");
    assertFault(authorities + ": holds no certificate (expected: PEM, BEGIN CERTIFICATE)");
    Files.delete(authorities);
    assertFault(authorities + ": no such file");
    write();

    Files.copy(certificate, key, StandardCopyOption.REPLACE_EXISTING);
    assertFault(key + ": holds no private key that can be used (expected: PEM, unencrypted)");
    Files.delete(key);
    Files.createDirectory(key);
    assertFault(key + ": cannot be read: Is a directory");
    Files.delete(key);
    TestAuthority.writePem(key, TestAuthority.oldForm(TestAuthority.ecKeys()));
    assertFault(key + ": is not the private key of the certificate in " + certificate);
    TestAuthority.writePem(key, TestAuthority.oldForm(TestAuthority.rsaKeys()));
    assertFault(key + ": is not the private key of the certificate in " + certificate);
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThatExceptionOfType(TlsException.class)
        .isThrownBy(this::read)
        .withMessageStartingWith(key + ": is damaged: ");

    Files.writeString(
        certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatExceptionOfType(TlsException.class)
        .isThrownBy(this::read)
        .withMessageStartingWith(certificate + ": is damaged: ");

    Identity expired =
        AUTHORITY.issue(
            TestAuthority.ecKeys(),
            Duration.ofHours(-2),
            Duration.ofHours(-1),
            KeyPurposeId.id_kp_serverAuth);
    writeServer(expired);
    assertFault(
        certificate
            + ": the certificate expired at "
            + expired.certificate().getNotAfter().toInstant());
    Identity early =
        AUTHORITY.issue(
            TestAuthority.ecKeys(),
            Duration.ofHours(1),
            Duration.ofHours(2),
            KeyPurposeId.id_kp_serverAuth);
    writeServer(early);
    assertFault(
        certificate
            + ": the certificate is not valid before "
            + early.certificate().getNotBefore().toInstant());
  }

  @Test
  void context_unknownCipherSuite() {
    ServerConfig.Tls files = Ports.files(directory, false);
    ServerConfig.Tls wrong =
        new ServerConfig.Tls(
            files.certificates(), files.key(), null, files.versions(), List.of("ROT13"));

    assertThatExceptionOfType(TlsException.class)
        .isThrownBy(() -> new ReloadingTls(wrong, InstantSource.system()))
        .withMessageContaining("ROT13");
  }

  private void assertFault(String message) {
    assertThatExceptionOfType(TlsException.class).isThrownBy(this::read).withMessage(message);
  }

  private TlsFiles read() throws TlsException {
    return TlsFiles.read(Ports.files(directory, true), InstantSource.system());
  }

  private void writeServer(Identity identity) {
    identity.write(directory.resolve("server.crt"), directory.resolve("server.key"));
  }

  private static void put(ManagedChannel channel) {
    assertThat(Ports.kv(channel).put(PutRequest.getDefaultInstance()).hasPrevKv()).isFalse();
  }

  private static String page(HttpClient client, Ports ports)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(ports.uri("/page")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static SSLContext context(TestAuthority trusted, @Nullable Identity identity)
      throws Exception {
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry("authority", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    KeyManager[] keys = {};
    if (identity != null) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry(
          "own",
          identity.keys().getPrivate(),
          new char[0],
          new Certificate[] {identity.certificate()});
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own, new char[0]);
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }
}
