// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tikv.shade.io.grpc.BindableService;
import org.tikv.shade.io.grpc.Server;
import org.tikv.shade.io.grpc.netty.NettyServerBuilder;
import org.tikv.shade.io.netty.channel.nio.NioEventLoopGroup;
import org.tikv.shade.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.tikv.shade.io.netty.handler.ssl.SslContext;
import org.tikv.shade.io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Makes servers on loopback ports. They share two event loops; each request runs on a thread of its
 * own: not a virtual one, since those of the engine under test must not keep the carriers from what
 * stands for other machines. Thread-safe.
 */
final class Servers implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 64 << 20;
  private static final int STOP_SECONDS = 60;

  private final NioEventLoopGroup loops =
      new NioEventLoopGroup(2, new DefaultThreadFactory("tikv-emulator", true));
  private final ExecutorService requests =
      Executors.newCachedThreadPool(new DefaultThreadFactory("tikv-emulator-call", true));
  private final @Nullable SslContext tls;

  Servers(@Nullable ServerTls tls) {
    this.tls = tls == null ? null : tls.context();
  }

  boolean areSecure() {
    return tls != null;
  }

  /** Port 0 is any free one. */
  Server start(int port, BindableService service) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .channelType(NioServerSocketChannel.class)
            .executor(requests)
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            // TiKV's client pings every ten seconds, which gRPC's servers take for an attack.
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(service)
            .addService(new HealthService());
    if (tls != null) {
      builder.sslContext(tls);
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  /** Breaks all connections; returns when the port is free. */
  static void stop(Server server) {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("not stopped within " + STOP_SECONDS + " s: " + server);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    requests.shutdownNow();
    loops
        .shutdownGracefully(0, 1, TimeUnit.SECONDS)
        .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
