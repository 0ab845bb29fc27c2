// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.brain.server.config.ListenUrl;
import dev.brain.server.config.ServerConfig;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ports that serve clients, by gRPC and HTTP/1.1. Calls are served on the event loop of their
 * connection: what blocks must go elsewhere.
 *
 * <p>Thread-safe.
 */
public final class ClientPorts {
  /** What a message may be larger than the largest request, for its other fields. As in etcd. */
  private static final int MESSAGE_OVERHEAD = 512 << 10;

  private static final int METADATA_BYTES = 16 << 10;

  /** A client that cancels more calls than this in ten seconds is abusing the server. */
  private static final int CANCELS = 10_000;

  private final List<Server> servers;
  private final List<String> urls;

  private ClientPorts(List<Server> servers, List<String> urls) {
    this.servers = servers;
    this.urls = urls;
  }

  /**
   * What the ports need.
   *
   * @param loops serve the connections
   * @param tls for the https URLs; null if there are none
   * @param connections bounds the connections
   * @param http takes the connections that are not gRPC
   * @param tracers watch the calls
   * @param filters are told of connections
   */
  public record Parts(
      EventLoops loops,
      @Nullable ReloadingTls tls,
      ConnectionLimit connections,
      HttpConnections http,
      List<ServerStreamTracer.Factory> tracers,
      List<ServerTransportFilter> filters) {}

  /**
   * Starts listening; when this returns, clients are served.
   *
   * @param maxRequestBytes the largest request
   * @throws ListenException if an address cannot be listened on; nothing listens then
   */
  public static ClientPorts open(
      ServerConfig.Clients clients,
      int maxRequestBytes,
      Parts parts,
      List<ServerServiceDefinition> services)
      throws ListenException {
    List<Server> servers = new ArrayList<>();
    List<String> urls = new ArrayList<>();
    for (boolean tls : new boolean[] {false, true}) {
      List<ListenUrl> listen = clients.listen().stream().filter(url -> url.tls() == tls).toList();
      if (listen.isEmpty()) {
        continue;
      }
      Server server = build(listen, clients, maxRequestBytes, parts, services);
      try {
        server.start();
      } catch (IOException e) {
        servers.forEach(Server::shutdownNow);
        throw new ListenException(
            listen.stream()
                .map(url -> url.url(url.address().getPort()))
                .collect(Collectors.joining(", ")),
            e);
      }
      servers.add(server);
      listen.forEach(url -> urls.add(url.url(port(url, server))));
    }
    return new ClientPorts(List.copyOf(servers), List.copyOf(urls));
  }

  private static Server build(
      List<ListenUrl> listen,
      ServerConfig.Clients clients,
      int maxRequestBytes,
      Parts parts,
      List<ServerServiceDefinition> services) {
    ServerConfig.KeepAlive keepAlive = clients.keepAlive();
    MessageLimit limit = new MessageLimit(maxRequestBytes + MESSAGE_OVERHEAD);
    PortSharing sharing =
        new PortSharing(
            listen.getFirst().tls() ? parts.tls() : null, parts.connections(), parts.http());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                listen.getFirst().address(), InternalNettyServerCredentials.create(sharing))
            .bossEventLoopGroup(parts.loops().group())
            .workerEventLoopGroup(parts.loops().group())
            .channelType(parts.loops().channelType())
            .directExecutor()
            .maxInboundMessageSize(limit.hardBytes())
            .maxInboundMetadataSize(METADATA_BYTES)
            .maxConcurrentCallsPerConnection(clients.maxConcurrentStreams())
            .maxRstFramesPerWindow(CANCELS, 10)
            .handshakeTimeout(PortSharing.HANDSHAKE_SECONDS, SECONDS)
            // jetcd pings also while it has no call under way, and etcd in effect lets it.
            .permitKeepAliveWithoutCalls(true)
            .permitKeepAliveTime(keepAlive.minTime().toNanos(), NANOSECONDS)
            .keepAliveTime(
                keepAlive.interval().isZero() ? Long.MAX_VALUE : keepAlive.interval().toNanos(),
                NANOSECONDS)
            .keepAliveTimeout(keepAlive.timeout().toNanos(), NANOSECONDS)
            .fallbackHandlerRegistry(
                new UnknownMethods(
                    services.stream()
                        .map(service -> service.getServiceDescriptor().getName())
                        .collect(Collectors.toSet())));
    listen.stream().skip(1).forEach(url -> builder.addListenAddress(url.address()));
    parts.tracers().forEach(builder::addStreamTracerFactory);
    parts.filters().forEach(builder::addTransportFilter);
    services.forEach(service -> builder.addService(limit.limit(service)));
    return builder.build();
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

  /** Where clients are served, with the ports that were bound. */
  public List<String> urls() {
    return urls;
  }

  /** Takes no new connections and calls; those under way go on. */
  public void stopAccepting() {
    servers.forEach(Server::shutdown);
  }

  /**
   * Waits for the calls under way, then cancels what is left.
   *
   * @param patience how long to wait
   */
  public void close(Duration patience) {
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
