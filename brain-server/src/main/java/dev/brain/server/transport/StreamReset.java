// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;

/**
 * Ends calls of a connection whose answers the client does not take. gRPC itself cannot: what it
 * sends after an answer, be it an error, stands behind the answer. Thread-safe.
 */
public final class StreamReset {
  /** Where a connection has this among its attributes. */
  public static final Attributes.Key<StreamReset> KEY =
      Attributes.Key.create("dev.brain.stream-reset");

  private final Channel channel;
  private final GrpcHttp2ConnectionHandler handler;

  StreamReset(Channel channel, GrpcHttp2ConnectionHandler handler) {
    this.channel = channel;
    this.handler = handler;
  }

  Channel channel() {
    return channel;
  }

  GrpcHttp2ConnectionHandler handler() {
    return handler;
  }

  /**
   * The stream whose call has just come. To be asked while the call is handed to its service, which
   * is on the event loop of the connection, before anything else is received.
   */
  public int newestStream() {
    return handler.connection().remote().lastStreamCreated();
  }

  /**
   * Ends a stream with ENHANCE_YOUR_CALM, which gRPC's clients call RESOURCE_EXHAUSTED, and drops
   * what waits to be sent on it. Does nothing if it has ended.
   */
  public void reset(int stream) {
    channel.eventLoop().execute(() -> resetNow(stream));
  }

  private void resetNow(int stream) {
    ChannelHandlerContext context = channel.pipeline().context(handler);
    if (context != null && handler.connection().stream(stream) != null) {
      ChannelFuture _ =
          handler.resetStream(
              context, stream, Http2Error.ENHANCE_YOUR_CALM.code(), context.newPromise());
      context.flush();
    }
  }
}
