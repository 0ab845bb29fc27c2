// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.server.config.ClusterConfig;
import dev.brain.server.config.ListenUrl;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.transport.TestAuthority.Identity;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerPortsTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestAuthority STRANGER = new TestAuthority();
  private static final int MAX_REQUEST_BYTES = 1000;

  private final EventLoops loops = EventLoops.start(2, Thread.ofPlatform().daemon().factory());
  private final ExecutorService executor = Executors.newFixedThreadPool(1);
  private final List<ManagedChannel> channels = new ArrayList<>();
  private @Nullable PeerPorts ports;

  @TempDir Path directory;

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    if (ports != null) {
      ports.close(Duration.ZERO);
    }
    loops.close();
    executor.shutdownNow();
  }

  @Test
  void call_plaintext() throws Exception {
    listen(null);

    put(open(null));
  }

  @Test
  void call_withCertificates() throws Exception {
    PeerTls tls = tls("one", AUTHORITY, AUTHORITY.member("localhost"));
    listen(tls);

    put(open(tls));
    put(open(tls("two", AUTHORITY, AUTHORITY.member("elsewhere.example"))));
  }

  @Test
  void call_clientOfAnotherAuthority() throws Exception {
    listen(tls("server", AUTHORITY, AUTHORITY.member("localhost")));

    assertRefused(open(tls("client", AUTHORITY, STRANGER.member("localhost"))));
  }

  @Test
  void call_clientWithCertificateForServers() throws Exception {
    listen(tls("server", AUTHORITY, AUTHORITY.member("localhost")));

    assertRefused(open(tls("client", AUTHORITY, AUTHORITY.server())));
  }

  @Test
  void call_clientWithoutCertificate() throws Exception {
    listen(tls("server", AUTHORITY, AUTHORITY.member("localhost")));
    ClientChannels.Files files =
        new ClientChannels.Files(directory.resolve("server").resolve("ca.crt"), null, null);

    assertRefused(opened(ClientChannels.open(url(), files)));
  }

  @Test
  void call_serverOfAnotherAuthority() throws Exception {
    listen(tls("server", STRANGER, STRANGER.member("localhost")));

    assertRefused(open(tls("client", AUTHORITY, STRANGER.member("localhost"))));
  }

  @Test
  void call_serverOfAnotherName() throws Exception {
    PeerTls tls = tls("member", AUTHORITY, AUTHORITY.member("elsewhere.example"));
    listen(tls);

    assertRefused(open(tls));
  }

  @Test
  void call_plaintextToTls() throws Exception {
    listen(tls("server", AUTHORITY, AUTHORITY.member("localhost")));

    String plaintext = url().replace("https://", "http://");
    assertRefused(opened(new PeerChannels(loops, executor, null).open(plaintext)));
    assertThat(page()).isEmpty();
  }

  @Test
  void port_httpRequest() throws Exception {
    listen(null);

    assertThat(page()).isEmpty();
    put(open(null));
  }

  /** What comes back for an HTTP/1.1 request, until the connection is closed. */
  private String page() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(url()).getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.contains("HTTP") ? answer : "";
    }
  }

  @Test
  void call_tooLarge() throws Exception {
    listen(null);
    PutRequest large =
        PutRequest.newBuilder().setValue(ByteString.copyFrom(new byte[600_000])).build();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> stub(open(null)).put(large))
        .satisfies(
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
  }

  @Test
  void reload_newCertificates() throws Exception {
    PeerTls server = tls("server", AUTHORITY, AUTHORITY.member("localhost"));
    PeerTls client = tls("client", AUTHORITY, AUTHORITY.member("localhost"));
    listen(server);
    ManagedChannel old = open(client);
    put(old);

    write("server", STRANGER, STRANGER.member("localhost"));
    server.reloadIfChanged();
    put(old);
    old.enterIdle();
    assertRefused(old);

    write("client", STRANGER, STRANGER.member("localhost"));
    client.reloadIfChanged();
    old.resetConnectBackoff();
    stub(old).withWaitForReady().put(PutRequest.getDefaultInstance());
  }

  /** The socket is accepted by the operating system, as that of a stopped process is. */
  @Test
  void call_silentPeer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      ManagedChannel channel =
          opened(
              new PeerChannels(loops, executor, null)
                  .open("http://127.0.0.1:" + silent.getLocalPort()));

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stub(channel).put(PutRequest.getDefaultInstance()))
          .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
  }

  /** The peer is alive, as its pings say, although the call takes longer than silence may. */
  @Test
  void call_slowPeer() throws Exception {
    listen(null);
    long millis = PeerChannels.SILENCE.toMillis() * 3 / 2;

    assertThat(stub(open(null)).put(PutRequest.newBuilder().setLease(millis).build()).hasPrevKv())
        .isFalse();
  }

  @Test
  void open_wrongUrl() throws Exception {
    PeerChannels plaintext = new PeerChannels(loops, executor, null);
    for (String url : List.of("https://localhost:1", "localhost:1", "http://a:1,b:2", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plaintext.open(url))
          .withMessage("http://HOST:PORT");
    }
    PeerTls tls = tls("member", AUTHORITY, AUTHORITY.member("localhost"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PeerChannels(loops, executor, tls).open("http://localhost:1"))
        .withMessage("https://HOST:PORT");
  }

  @Test
  void tls_withoutAuthorities() throws Exception {
    write("member", AUTHORITY, AUTHORITY.member("localhost"));
    ServerConfig.Tls files = Ports.files(directory.resolve("member"), false);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PeerTls(files, InstantSource.system()));
  }

  /** Answers every put after as many milliseconds as its lease says. */
  private final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      ScheduledFuture<?> _ =
          loops
              .group()
              .schedule(
                  () -> {
                    observer.onNext(PutResponse.getDefaultInstance());
                    observer.onCompleted();
                  },
                  request.getLease(),
                  MILLISECONDS);
    }
  }

  private void listen(@Nullable PeerTls tls) throws ListenException {
    ListenUrl url =
        new ListenUrl(
            tls != null, "localhost", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ports =
        PeerPorts.open(
            new ClusterConfig.Peers(List.of(url), List.of(), null),
            MAX_REQUEST_BYTES,
            loops,
            tls,
            List.of(new Kv().bindService()));
  }

  private String url() {
    return requireNonNull(ports).urls().getFirst();
  }

  private PeerTls tls(String member, TestAuthority trusted, Identity identity) throws Exception {
    write(member, trusted, identity);
    return new PeerTls(Ports.files(directory.resolve(member), true), InstantSource.system());
  }

  private void write(String member, TestAuthority trusted, Identity identity) throws IOException {
    Path files = Files.createDirectories(directory.resolve(member));
    TestAuthority.writePem(files.resolve("ca.crt"), trusted.certificate());
    identity.write(files.resolve("server.crt"), files.resolve("server.key"));
  }

  private ManagedChannel open(@Nullable PeerTls tls) {
    return opened(new PeerChannels(loops, executor, tls).open(url()));
  }

  private ManagedChannel opened(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  private static KVGrpc.KVBlockingStub stub(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(60, SECONDS);
  }

  private static void put(ManagedChannel channel) {
    assertThat(stub(channel).put(PutRequest.getDefaultInstance()).hasPrevKv()).isFalse();
  }

  private static void assertRefused(ManagedChannel channel) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> put(channel))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }
}
