// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.brain.server.config.ListenUrl;
import dev.brain.server.config.ServerConfig;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports that serve clients, by gRPC and HTTP/1.1. Calls are served on the event loop of their
 * connection: what blocks must go elsewhere.
 *
 * <p>Thread-safe.
 */
public final class ClientPorts {
  /** A client that cancels more calls than this in ten seconds is abusing the server. */
  private static final int CANCELS = 10_000;

  private final GrpcPorts ports;

  private ClientPorts(GrpcPorts ports) {
    this.ports = ports;
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
    return new ClientPorts(
        GrpcPorts.open(
            clients.listen(), alike -> builder(alike, clients, maxRequestBytes, parts, services)));
  }

  private static NettyServerBuilder builder(
      List<ListenUrl> listen,
      ServerConfig.Clients clients,
      int maxRequestBytes,
      Parts parts,
      List<ServerServiceDefinition> services) {
    ServerConfig.KeepAlive keepAlive = clients.keepAlive();
    PortSharing sharing =
        new PortSharing(
            listen.getFirst().tls() ? parts.tls() : null, parts.connections(), parts.http());
    NettyServerBuilder builder =
        GrpcPorts.builder(listen, parts.loops(), sharing, maxRequestBytes, services)
            .maxConcurrentCallsPerConnection(clients.maxConcurrentStreams())
            .maxRstFramesPerWindow(CANCELS, 10)
            // jetcd pings also while it has no call under way, and etcd in effect lets it.
            .permitKeepAliveWithoutCalls(true)
            .permitKeepAliveTime(keepAlive.minTime().toNanos(), NANOSECONDS)
            .keepAliveTime(
                keepAlive.interval().isZero() ? Long.MAX_VALUE : keepAlive.interval().toNanos(),
                NANOSECONDS)
            .keepAliveTimeout(keepAlive.timeout().toNanos(), NANOSECONDS);
    parts.tracers().forEach(builder::addStreamTracerFactory);
    parts.filters().forEach(builder::addTransportFilter);
    return builder;
  }

  /** Where clients are served, with the ports that were bound. */
  public List<String> urls() {
    return ports.urls();
  }

  /** Takes no new connections and calls; those under way go on. */
  public void stopAccepting() {
    ports.stopAccepting();
  }

  /**
   * Waits for the calls under way, then cancels what is left.
   *
   * @param patience how long to wait
   */
  public void close(Duration patience) {
    ports.close(patience);
  }
}
