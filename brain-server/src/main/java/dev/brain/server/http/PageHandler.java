// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other. Used by its event loop; only the
 * page itself runs on the executor. A client that sends the next request before it has the answer
 * to the last (which none of the known ones does) loses its connection, so that nothing queues.
 */
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(PageHandler.class);

  private final Map<String, Page> pages;
  private final Executor executor;
  private boolean busy;

  PageHandler(Map<String, Page> pages, Executor executor) {
    this.pages = pages;
    this.executor = executor;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (busy) {
      ChannelFuture _ = context.close();
      return;
    }
    if (request.decoderResult().isFailure()) {
      write(context, false, Answer.text(400, "400 Bad Request\n"));
      ChannelFuture _ = context.close();
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    boolean head = request.method().equals(HttpMethod.HEAD);
    Page page = pages.get(uri.path());
    if (page == null) {
      write(context, head, Answer.text(404, "404 page not found\n"));
      return;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      write(context, head, Answer.text(405, "Method Not Allowed\n"));
      return;
    }
    Request asked = new Request(request.method().name(), uri.parameters());
    busy = true;
    try {
      executor.execute(
          () -> {
            Answer answer = answer(page, asked);
            context.executor().execute(() -> finish(context, answer));
          });
    } catch (RejectedExecutionException e) {
      finish(context, Answer.text(503, "too many requests\n"));
    }
  }

  private static Answer answer(Page page, Request request) {
    try {
      return page.answer(request);
    } catch (RuntimeException e) {
      log.error("a page failed", e);
      return Answer.text(500, "500 Internal Server Error\n");
    }
  }

  private void finish(ChannelHandlerContext context, Answer answer) {
    busy = false;
    write(context, false, answer);
  }

  private static void write(ChannelHandlerContext context, boolean head, Answer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
        .set("X-Content-Type-Options", "nosniff");
    if (answer.status() == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
    }
    ChannelFuture _ = context.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug(
        "HTTP connection of {} failed: {}", context.channel().remoteAddress(), cause.toString());
    ChannelFuture _ = context.close();
  }
}
