// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps both ends of a peer's connection sure that the other one lives: pings it all the time, so
 * that the client hears something, and closes it when nothing comes back. Called by gRPC on the
 * connection's event loop.
 *
 * <p>This is not gRPC's own keep-alive, which pings every ten seconds at the most often.
 */
final class PeerHeartbeat extends ServerTransportFilter {
  /** What gRPC's keep-alive pings with: the answer to it is expected at any time. */
  private static final long PAYLOAD = 0xdeadL;

  private final Duration period;
  private final Duration silence;

  /**
   * @param period time between two pings
   * @param silence a connection on which nothing is heard for so long is closed; several periods
   */
  PeerHeartbeat(Duration period, Duration silence) {
    this.period = period;
    this.silence = silence;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    StreamReset connection = attributes.get(StreamReset.KEY);
    if (connection != null) {
      beat(connection.channel(), connection.handler());
    }
    return attributes;
  }

  private void beat(Channel channel, GrpcHttp2ConnectionHandler handler) {
    channel.pipeline().addFirst(new SilenceTimeout(silence));
    ScheduledFuture<?> beats =
        channel
            .eventLoop()
            .scheduleAtFixedRate(
                () -> ping(channel, handler),
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> beats.cancel(false));
  }

  private static void ping(Channel channel, GrpcHttp2ConnectionHandler handler) {
    ChannelHandlerContext context = channel.pipeline().context(handler);
    if (context != null) {
      ChannelFuture _ =
          handler.encoder().writePing(context, /* ack= */ false, PAYLOAD, context.newPromise());
      context.flush();
    }
  }
}
