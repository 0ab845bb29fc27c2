// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections that exist at a time, over all ports; one more is closed at once, before
 * anything was read from it. Thread-safe.
 */
public final class ConnectionLimit {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

  private final int most;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param most the connections allowed at a time
   */
  public ConnectionLimit(int most) {
    this.most = most;
  }

  /** The connections that exist now. */
  public int count() {
    return count.get();
  }

  /** Makes the first handler of a connection: it lets the next one take its place, or closes. */
  ChannelHandler guard(ChannelHandler next) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void handlerAdded(ChannelHandlerContext context) {
        if (admit(context.channel())) {
          context.pipeline().replace(this, null, next);
        } else {
          ChannelFuture _ = context.close();
        }
      }
    };
  }

  private boolean admit(Channel channel) {
    int now = count.incrementAndGet();
    channel.closeFuture().addListener(closed -> count.decrementAndGet());
    if (now > most) {
      log.warn("closed a connection from {}: {} are open", channel.remoteAddress(), most);
      return false;
    }
    return true;
  }
}
