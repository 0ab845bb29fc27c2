// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.brain.server.config.ClusterConfig;
import dev.brain.server.config.ListenUrl;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports that serve other members, by gRPC alone. With TLS, a connection without a certificate
 * of the members' authorities gets nowhere; there is no plaintext beside it. Calls are served on
 * the event loop of their connection: what blocks must go elsewhere.
 *
 * <p>Thread-safe.
 */
public final class PeerPorts {
  /** Many more than there are members; each holds one or two. */
  private static final int CONNECTIONS = 1_000;

  /** More than the writes that one store takes at a time, so that it is no one's bottleneck. */
  private static final int CALLS_PER_CONNECTION = 10_000;

  /** So often a client may ping; {@link PeerChannels} need not. */
  private static final int PERMITTED_PING_MILLIS = 1_000;

  private final GrpcPorts ports;

  private PeerPorts(GrpcPorts ports) {
    this.ports = ports;
  }

  /**
   * Starts listening; when this returns, peers are served.
   *
   * @param maxRequestBytes the largest request of a client, which a member may pass on
   * @param tls the peers' TLS; null if the URLs are plaintext
   * @throws ListenException if an address cannot be listened on; nothing listens then
   */
  public static PeerPorts open(
      ClusterConfig.Peers peers,
      int maxRequestBytes,
      EventLoops loops,
      @Nullable PeerTls tls,
      List<ServerServiceDefinition> services)
      throws ListenException {
    ConnectionLimit connections = new ConnectionLimit(CONNECTIONS);
    return new PeerPorts(
        GrpcPorts.open(
            peers.listen(),
            alike -> builder(alike, connections, maxRequestBytes, loops, tls, services)));
  }

  private static NettyServerBuilder builder(
      List<ListenUrl> listen,
      ConnectionLimit connections,
      int maxRequestBytes,
      EventLoops loops,
      @Nullable PeerTls tls,
      List<ServerServiceDefinition> services) {
    boolean encrypted = listen.getFirst().tls();
    if (encrypted != (tls != null)) {
      throw new IllegalArgumentException("peers speak TLS on all ports or on none");
    }
    PortSharing grpcOnly =
        new PortSharing(tls == null ? null : tls.server(), connections, PeerPorts::refuse);
    return GrpcPorts.builder(listen, loops, grpcOnly, maxRequestBytes, services)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
        .permitKeepAliveWithoutCalls(true)
        .permitKeepAliveTime(PERMITTED_PING_MILLIS, MILLISECONDS)
        .addTransportFilter(new PeerHeartbeat(PeerChannels.PING, PeerChannels.SILENCE));
  }

  /** Closes a connection that does not speak gRPC. */
  private static void refuse(ChannelPipeline pipeline) {
    ChannelFuture _ = pipeline.close();
  }

  /** Where peers are served, with the ports that were bound. */
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
