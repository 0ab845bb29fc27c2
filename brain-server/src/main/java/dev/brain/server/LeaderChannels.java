// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.server.maintenance.Member;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a channel to whoever leads. Thread-safe; never blocks. */
final class LeaderChannels implements AutoCloseable {
  /*
   * A member may have several URLs; it is reached by the first that this node can speak to. The channel
   * is kept as long as the leader and its URLs stay the same. Calls that are under way on a channel that
   * is given up end, because the node at its end does not lead any more.
   */

  private static final Logger logger = LoggerFactory.getLogger(LeaderChannels.class);

  private record Connected(String url, ManagedChannel channel) {}

  private final Function<String, ManagedChannel> connector;
  private volatile @Nullable Connected current;

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param connector opens a channel to a peer URL; throws IllegalArgumentException, which says
   *     what was expected, if nobody can be reached by such a one
   */
  LeaderChannels(Function<String, ManagedChannel> connector) {
    this.connector = connector;
  }

  /** The channel to the leader; empty if there is none, or if it is this node. */
  Optional<Channel> current() {
    return Optional.ofNullable(current).map(Connected::channel);
  }

  /**
   * Goes on with a leader.
   *
   * @param leader empty if there is none, or if it is this node
   */
  synchronized void follow(Optional<Member> leader) {
    if (closed) {
      return;
    }
    List<String> urls = leader.map(Member::peerUrls).orElse(List.of());
    Connected before = current;
    if (before != null && urls.contains(before.url())) {
      return;
    }
    current = connected(urls);
    if (before != null) {
      before.channel().shutdownNow();
    }
  }

  private @Nullable Connected connected(List<String> urls) {
    for (String url : urls) {
      try {
        return new Connected(url, connector.apply(url));
      } catch (IllegalArgumentException e) {
        logger.warn("peer URL of the leader: {} (expected: {})", url, e.getMessage());
      }
    }
    return null;
  }

  /** Tries again at once to connect, where that has failed. */
  void retry() {
    Connected now = current;
    if (now != null) {
      now.channel().resetConnectBackoff();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Connected last = current;
    current = null;
    if (last != null) {
      last.channel().shutdownNow();
    }
  }
}
