// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ListenUrl;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ports that serve HTTP/1.1 only. Thread-safe. */
public final class HttpPorts implements AutoCloseable {
  private final List<Channel> channels;
  private final List<String> urls;

  private HttpPorts(List<Channel> channels, List<String> urls) {
    this.channels = channels;
    this.urls = urls;
  }

  /**
   * Starts listening.
   *
   * @param listen where; may be empty
   * @param tls for the https URLs; null if there are none
   * @throws ListenException if an address cannot be listened on; nothing listens then
   */
  public static HttpPorts open(
      List<ListenUrl> listen,
      EventLoops loops,
      @Nullable ReloadingTls tls,
      ConnectionLimit connections,
      HttpConnections http)
      throws ListenException {
    List<Channel> channels = new ArrayList<>();
    List<String> urls = new ArrayList<>();
    for (ListenUrl url : listen) {
      ReloadingTls urlTls = url.tls() ? tls : null;
      ChannelFuture bound =
          new ServerBootstrap()
              .group(loops.group())
              .channel(loops.channelType())
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(connections.guard(new Opening(urlTls, http)));
                    }
                  })
              .bind(url.address())
              .awaitUninterruptibly();
      Throwable cause = bound.cause();
      if (cause != null) {
        channels.forEach(HttpPorts::close);
        throw new ListenException(url.url(url.address().getPort()), cause);
      }
      channels.add(bound.channel());
      urls.add(url.url(((InetSocketAddress) bound.channel().localAddress()).getPort()));
    }
    return new HttpPorts(List.copyOf(channels), List.copyOf(urls));
  }

  /** Where HTTP is served, with the ports that were bound. */
  public List<String> urls() {
    return urls;
  }

  /** Stops listening; connections that exist are not touched. */
  @Override
  public void close() {
    channels.forEach(HttpPorts::close);
  }

  private static void close(Channel channel) {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  /** Makes the handlers of a new connection, once it was admitted. */
  private static final class Opening extends ChannelInboundHandlerAdapter {
    private final @Nullable ReloadingTls tls;
    private final HttpConnections http;

    private Opening(@Nullable ReloadingTls tls, HttpConnections http) {
      this.tls = tls;
      this.http = http;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      if (tls != null) {
        SslHandler handler = tls.context().newHandler(context.alloc());
        handler.setHandshakeTimeout(PortSharing.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        context.pipeline().addLast(handler);
      }
      http.take(context.pipeline());
      context.pipeline().remove(this);
    }
  }
}
