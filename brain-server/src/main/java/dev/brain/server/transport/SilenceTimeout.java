// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which nothing was heard for a while. Used by its event loop only. */
final class SilenceTimeout extends ReadTimeoutHandler {
  private final Duration silence;
  private boolean closed;

  SilenceTimeout(Duration silence) {
    super(silence.toMillis(), TimeUnit.MILLISECONDS);
    this.silence = silence;
  }

  /** Calls under way end as those of a broken connection, which is what this is. */
  @Override
  protected void readTimedOut(ChannelHandlerContext context) {
    if (!closed) {
      closed = true;
      context.fireExceptionCaught(
          new IOException("nothing was heard for " + silence.toMillis() + " ms"));
      ChannelFuture _ = context.close();
    }
  }
}
