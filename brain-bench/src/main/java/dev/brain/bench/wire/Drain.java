// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls whose answers are counted and thrown away as they come. A gRPC stub collects an
 * answer before it is read, so that many large ones at once would fill this process. Each call has
 * a connection of its own. Safe for all threads.
 */
public final class Drain {
  private static final int WINDOW_BYTES = 1 << 20;

  private final Endpoint endpoint;
  private final @Nullable SslContext ssl;
  private final EventLoopGroup loops;

  /**
   * A drain for one server.
   *
   * @param loops not closed with the drain
   * @throws IllegalArgumentException if a file of {@code credentials} cannot be used
   */
  public Drain(Endpoint endpoint, Credentials credentials, EventLoopGroup loops) {
    this.endpoint = endpoint;
    this.ssl = endpoint.tls() ? Connections.context(credentials) : null;
    this.loops = loops;
  }

  /**
   * The end of a call.
   *
   * @param status the code of gRPC; 0 if all went well, -1 if the connection ended without one
   * @param message what the server says to it; empty if nothing
   * @param bytes of the answer that came
   */
  public record Answer(int status, String message, long bytes) {}

  /**
   * Starts a call.
   *
   * @param method such as {@code etcdserverpb.KV/Range}
   * @param request the message
   */
  public CompletableFuture<Answer> call(String method, byte[] request) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Bootstrap bootstrap =
        new Bootstrap().group(loops).channel(NioSocketChannel.class).handler(new Connecting());
    bootstrap
        .connect(endpoint.host(), endpoint.port())
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                var _ =
                    answer.whenComplete(
                        (done, failure) -> {
                          var _ = connected.channel().close();
                        });
                open(connected.channel(), method, request, answer);
              } else {
                answer.complete(new Answer(-1, String.valueOf(connected.cause()), 0));
              }
            });
    return answer;
  }

  private void open(
      Channel connection, String method, byte[] request, CompletableFuture<Answer> answer) {
    DrainHandler handler = new DrainHandler(answer);
    FutureListener<Http2StreamChannel> begin =
        (Future<Http2StreamChannel> opened) -> {
          if (opened.isSuccess()) {
            handler.send(opened.getNow(), endpoint, method, request);
          } else {
            answer.complete(new Answer(-1, String.valueOf(opened.cause()), 0));
          }
        };
    new Http2StreamChannelBootstrap(connection).handler(handler).open().addListener(begin);
  }

  /** Makes a connection speak HTTP/2. */
  private final class Connecting extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (ssl != null) {
        channel
            .pipeline()
            .addLast(ssl.newHandler(channel.alloc(), endpoint.host(), endpoint.port()));
      }
      Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(WINDOW_BYTES);
      channel
          .pipeline()
          .addLast(Http2FrameCodecBuilder.forClient().initialSettings(settings).build())
          .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }
  }

  /** The message as gRPC frames it. */
  static ByteBuf frame(Channel channel, byte[] request) {
    ByteBuf frame = channel.alloc().buffer(1 + Integer.BYTES + request.length);
    return frame.writeByte(0).writeInt(request.length).writeBytes(request);
  }
}
