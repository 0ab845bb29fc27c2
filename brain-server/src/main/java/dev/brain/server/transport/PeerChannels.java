// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Connects to other members. Thread-safe. */
public final class PeerChannels {
  /*
   * A member that is dead, cut off or stopped must be noticed in seconds, or everything that was
   * passed on to it hangs for as long. gRPC's own pings are ten seconds apart. So the server's end of
   * a connection pings all the time (PeerHeartbeat), and each end demands to hear something: the
   * pings, or the answers to them.
   */

  /** Time between two pings. */
  static final Duration PING = Duration.ofSeconds(1);

  /** A peer that was silent for so long is taken for dead, and its connection is closed. */
  static final Duration SILENCE = Duration.ofSeconds(4);

  private static final int CONNECT_MILLIS = 4_000;

  private static final Pattern URL = Pattern.compile("(https?)://([^/,\\s]+:[0-9]+)/?");

  private final EventLoops loops;
  private final Executor resolving;
  private final @Nullable PeerTls tls;

  /**
   * Connects nowhere yet.
   *
   * @param loops serve the connections
   * @param resolving finds the addresses of host names, which may block
   * @param tls the peers' TLS; null if they speak plaintext
   */
  public PeerChannels(EventLoops loops, Executor resolving, @Nullable PeerTls tls) {
    this.loops = loops;
    this.resolving = resolving;
    this.tls = tls;
  }

  /**
   * Opens a channel to a member. Connecting happens with the first call; nothing is retried. Calls
   * are completed on an event loop: what completes them must not block. When the member is not
   * heard of for some seconds, calls under way end as UNAVAILABLE.
   *
   * <p>A channel that could not connect tries again after a pause that grows to two minutes; until
   * then calls end at once. Who needs the member sooner calls {@link
   * ManagedChannel#resetConnectBackoff}.
   *
   * @param url {@code http://HOST:PORT} or {@code https://HOST:PORT}, as the member advertises it
   * @return a channel that the caller must shut down
   * @throws IllegalArgumentException if the URL is something else, or is plaintext where TLS is
   *     configured or the reverse; the message is what was expected
   */
  public ManagedChannel open(String url) {
    Matcher parts = URL.matcher(url);
    String scheme = tls == null ? "http" : "https";
    if (!parts.matches() || !scheme.equals(parts.group(1))) {
      throw new IllegalArgumentException(scheme + "://HOST:PORT");
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + parts.group(2))
            .eventLoopGroup(loops.group())
            .channelFactory(this::connection)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .directExecutor()
            .offloadExecutor(resolving)
            .proxyDetector(_ -> null)
            .disableRetry()
            .disableServiceConfigLookUp()
            // What a member asked for it takes, however large.
            .maxInboundMessageSize(Integer.MAX_VALUE);
    if (tls == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(new NewestSslContext(tls.client()));
    }
    return builder.build();
  }

  private Channel connection() {
    Channel connection = loops.connections().newChannel();
    connection.pipeline().addFirst(new SilenceTimeout(SILENCE));
    return connection;
  }
}
