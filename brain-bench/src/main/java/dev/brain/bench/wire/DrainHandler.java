// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.concurrent.CompletableFuture;

/** The stream of one drained call; belongs to the event loop of its connection. */
final class DrainHandler extends SimpleChannelInboundHandler<Http2StreamFrame> {
  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";

  private final CompletableFuture<Drain.Answer> answer;
  private long bytes;

  DrainHandler(CompletableFuture<Drain.Answer> answer) {
    this.answer = answer;
  }

  void send(Http2StreamChannel stream, Endpoint endpoint, String method, byte[] request) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(endpoint.tls() ? "https" : "http")
            .authority(endpoint.host() + ":" + endpoint.port())
            .path("/" + method)
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    // What fails closes the stream, which ends the call.
    var _ = stream.write(new DefaultHttp2HeadersFrame(headers));
    var _ = stream.writeAndFlush(new DefaultHttp2DataFrame(Drain.frame(stream, request), true));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
    if (frame instanceof Http2DataFrame data) {
      bytes += data.content().readableBytes();
    } else if (frame instanceof Http2HeadersFrame headers && headers.isEndStream()) {
      CharSequence status = headers.headers().get(STATUS);
      CharSequence message = headers.headers().get(MESSAGE);
      answer.complete(
          new Drain.Answer(
              status == null ? -1 : Integer.parseInt(status.toString()),
              message == null ? "" : message.toString(),
              bytes));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answer.complete(new Drain.Answer(-1, "the connection ended", bytes));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    answer.complete(new Drain.Answer(-1, cause.toString(), bytes));
    var _ = context.close();
  }
}
