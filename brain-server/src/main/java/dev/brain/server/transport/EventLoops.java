// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve all connections, and the kinds of channel that fit them: epoll where its
 * library loads, else the JDK's selectors.
 *
 * @param group accepts connections and serves them
 * @param channelType what to listen with
 * @param connections makes what to connect with
 */
public record EventLoops(
    EventLoopGroup group,
    Class<? extends ServerChannel> channelType,
    ChannelFactory<? extends Channel> connections)
    implements AutoCloseable {

  /**
   * Starts event loops.
   *
   * @param count how many, at least 1
   * @param threads makes their threads
   */
  public static EventLoops start(int count, ThreadFactory threads) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(count, threads, handlers),
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class,
        epoll ? EpollSocketChannel::new : NioSocketChannel::new);
  }

  /** Ends the threads; waits for up to five seconds for what they are at. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(6, TimeUnit.SECONDS);
  }
}
