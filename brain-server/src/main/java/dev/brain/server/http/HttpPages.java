// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import dev.brain.server.transport.HttpConnections;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Map;
import java.util.concurrent.Executor;

/** Serves pages on HTTP/1.1 connections. Thread-safe. */
public final class HttpPages implements HttpConnections, AutoCloseable {
  /** Pages take no request bodies; some clients send one nevertheless. */
  private static final int BODY_BYTES = 16 << 10;

  /** A connection that is silent for so long is closed, also one that is slow with its request. */
  private static final int SILENCE_SECONDS = 60;

  private final Map<String, Page> pages;
  private final Executor executor;
  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

  /**
   * @param pages what is served, by path
   * @param executor runs the pages, which may block; what it rejects is answered with 503
   */
  public HttpPages(Map<String, Page> pages, Executor executor) {
    this.pages = Map.copyOf(pages);
    this.executor = executor;
  }

  @Override
  public void take(ChannelPipeline pipeline) {
    connections.add(pipeline.channel());
    pipeline
        .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(BODY_BYTES))
        .addLast(new PageHandler(pages, executor));
  }

  /** Closes all connections. */
  @Override
  public void close() {
    connections.close().awaitUninterruptibly(1_000);
  }
}
