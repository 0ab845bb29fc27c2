// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * A fixed number of connections to one server. Calls run and are answered on the given event loops
 * and on no other thread; an answer's handler must not block. Safe for all threads.
 */
public final class Connections implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final List<ManagedChannel> channels;

  private Connections(List<ManagedChannel> channels) {
    this.channels = channels;
  }

  /**
   * Prepares the connections; each is made when it is first used.
   *
   * @param loops not closed with the connections
   * @throws IllegalArgumentException if a file of {@code credentials} cannot be used
   */
  public static Connections open(
      Endpoint endpoint, Credentials credentials, int count, EventLoopGroup loops) {
    List<ManagedChannel> channels = new ArrayList<>(count);
    SslContext context = endpoint.tls() ? context(credentials) : null;
    for (int i = 0; i < count; i++) {
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
              .eventLoopGroup(loops)
              .channelType(NioSocketChannel.class)
              .directExecutor()
              .disableRetry()
              .disableServiceConfigLookUp()
              .maxInboundMessageSize(Integer.MAX_VALUE);
      if (context != null) {
        builder.sslContext(context);
      } else {
        builder.usePlaintext();
      }
      channels.add(builder.build());
    }
    return new Connections(channels);
  }

  /** How a connection is encrypted. */
  static SslContext context(Credentials credentials) {
    try {
      SslContextBuilder context = GrpcSslContexts.forClient();
      if (credentials.authority() != null) {
        context.trustManager(credentials.authority().toFile());
      }
      if (credentials.certificate() != null && credentials.key() != null) {
        context.keyManager(credentials.certificate().toFile(), credentials.key().toFile());
      }
      return context.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--cacert: %s, --cert: %s, --key: %s (expected: readable PEM files): %s"
              .formatted(
                  credentials.authority(),
                  credentials.certificate(),
                  credentials.key(),
                  e.getMessage()),
          e);
    }
  }

  /** The connection of a client; clients beyond the number of connections share them evenly. */
  public Channel of(int client) {
    return channels.get(client % channels.size());
  }

  /** Fails all calls that have no answer yet and waits a few seconds for the connections to end. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
