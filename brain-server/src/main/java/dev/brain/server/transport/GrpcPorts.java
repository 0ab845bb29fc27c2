// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.brain.server.config.ListenUrl;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Ports that serve gRPC. Thread-safe. */
final class GrpcPorts {
  /** What a message may be larger than the largest request, for its other fields. As in etcd. */
  private static final int MESSAGE_OVERHEAD = 512 << 10;

  private static final int METADATA_BYTES = 16 << 10;

  private final List<Server> servers;
  private final List<String> urls;

  private GrpcPorts(List<Server> servers, List<String> urls) {
    this.servers = servers;
    this.urls = urls;
  }

  /**
   * Starts listening.
   *
   * @param builder makes what serves some URLs, which are all with TLS or all without; not empty
   * @throws ListenException if an address cannot be listened on; nothing listens then
   */
  static GrpcPorts open(
      List<ListenUrl> listen, Function<List<ListenUrl>, NettyServerBuilder> builder)
      throws ListenException {
    List<Server> servers = new ArrayList<>();
    List<String> urls = new ArrayList<>();
    for (boolean tls : new boolean[] {false, true}) {
      List<ListenUrl> alike = listen.stream().filter(url -> url.tls() == tls).toList();
      if (alike.isEmpty()) {
        continue;
      }
      Server server = builder.apply(alike).build();
      try {
        server.start();
      } catch (IOException e) {
        servers.forEach(Server::shutdownNow);
        throw new ListenException(
            alike.stream()
                .map(url -> url.url(url.address().getPort()))
                .collect(Collectors.joining(", ")),
            e);
      }
      servers.add(server);
      alike.forEach(url -> urls.add(url.url(port(url, server))));
    }
    return new GrpcPorts(List.copyOf(servers), List.copyOf(urls));
  }

  /**
   * What all ports have in common: where they listen, on which threads, and for how large calls.
   */
  static NettyServerBuilder builder(
      List<ListenUrl> listen,
      EventLoops loops,
      PortSharing sharing,
      int maxRequestBytes,
      List<ServerServiceDefinition> services) {
    MessageLimit limit = new MessageLimit(maxRequestBytes + MESSAGE_OVERHEAD);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                listen.getFirst().address(), InternalNettyServerCredentials.create(sharing))
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .channelType(loops.channelType())
            .directExecutor()
            .maxInboundMessageSize(limit.hardBytes())
            .maxInboundMetadataSize(METADATA_BYTES)
            .handshakeTimeout(PortSharing.HANDSHAKE_SECONDS, SECONDS)
            .fallbackHandlerRegistry(
                new UnknownMethods(
                    services.stream()
                        .map(service -> service.getServiceDescriptor().getName())
                        .collect(Collectors.toSet())));
    listen.stream().skip(1).forEach(url -> builder.addListenAddress(url.address()));
    services.forEach(service -> builder.addService(limit.limit(service)));
    return builder;
  }

  /** The port that was bound for a URL, which says 0 if any would do. */
  private static int port(ListenUrl url, Server server) {
    if (url.address().getPort() != 0) {
      return url.address().getPort();
    }
    return server.getListenSockets().stream()
        .map(InetSocketAddress.class::cast)
        .filter(socket -> socket.getAddress().equals(url.address().getAddress()))
        .mapToInt(InetSocketAddress::getPort)
        .findFirst()
        .orElse(server.getPort());
  }

  /** Where gRPC is served, with the ports that were bound. */
  List<String> urls() {
    return urls;
  }

  /** Takes no new connections and calls; those under way go on. */
  void stopAccepting() {
    servers.forEach(Server::shutdown);
  }

  /**
   * Waits for the calls under way, then cancels what is left.
   *
   * @param patience how long to wait
   */
  void close(Duration patience) {
    stopAccepting();
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (Server server : servers) {
        server.awaitTermination(deadline - System.nanoTime(), NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    servers.forEach(Server::shutdownNow);
  }
}
