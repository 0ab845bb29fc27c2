// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.server.config.ListenUrl;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.http.Answer;
import dev.brain.server.http.HttpPages;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A client port on this machine that serves a small KV service and one page, for tests. */
final class Ports implements AutoCloseable {
  static final int MAX_REQUEST_BYTES = 1000;

  private final EventLoops loops = EventLoops.start(2, Thread.ofPlatform().daemon().factory());
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final HttpPages http =
      new HttpPages(Map.of("/page", _ -> Answer.ok("text/plain", "hello\n")), executor);
  private final ClientPorts ports;
  final ConnectionLimit connections;
  final @Nullable ReloadingTls tls;

  Ports(ServerConfig.@Nullable Tls files, int maxConnections) throws ListenException, TlsException {
    this.tls = files == null ? null : new ReloadingTls(files, InstantSource.system());
    this.connections = new ConnectionLimit(maxConnections);
    ListenUrl listen =
        new ListenUrl(
            files != null, "localhost", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServerConfig.Clients clients =
        new ServerConfig.Clients(
            List.of(listen),
            List.of(),
            maxConnections,
            100,
            new ServerConfig.KeepAlive(
                Duration.ofSeconds(5), Duration.ofHours(2), Duration.ofSeconds(20)));
    this.ports =
        ClientPorts.open(
            clients,
            MAX_REQUEST_BYTES,
            new ClientPorts.Parts(loops, tls, connections, http, List.of(), List.of()),
            List.of(new Kv().bindService()));
  }

  /** Accepts every put and refuses everything else. */
  private static final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      observer.onNext(PutResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  URI uri(String path) {
    return URI.create(ports.urls().getFirst() + path);
  }

  int port() {
    return uri("/").getPort();
  }

  ManagedChannel plaintextChannel() {
    return opened(NettyChannelBuilder.forAddress("localhost", port()).usePlaintext().build());
  }

  /** A channel that trusts an authority, with a certificate of its own or none. */
  ManagedChannel tlsChannel(TestAuthority trusted, TestAuthority.@Nullable Identity identity)
      throws SSLException {
    SslContextBuilder context = GrpcSslContexts.forClient().trustManager(trusted.certificate());
    if (identity != null) {
      context.keyManager(identity.keys().getPrivate(), identity.certificate());
    }
    return opened(
        NettyChannelBuilder.forAddress("localhost", port()).sslContext(context.build()).build());
  }

  private ManagedChannel opened(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  static KVGrpc.KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(30));
  }

  /** What a server with files in a directory is configured with. */
  static ServerConfig.Tls files(Path directory, boolean authorities) {
    return new ServerConfig.Tls(
        directory.resolve("server.crt"),
        directory.resolve("server.key"),
        authorities ? directory.resolve("ca.crt") : null,
        List.of("TLSv1.3", "TLSv1.2"),
        List.of());
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    ports.close(Duration.ZERO);
    http.close();
    loops.close();
    executor.shutdownNow();
  }
}
