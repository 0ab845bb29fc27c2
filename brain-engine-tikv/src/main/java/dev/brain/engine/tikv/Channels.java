// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.tikv.shade.io.grpc.ChannelCredentials;
import org.tikv.shade.io.grpc.InsecureChannelCredentials;
import org.tikv.shade.io.grpc.ManagedChannel;
import org.tikv.shade.io.grpc.netty.NettyChannelBuilder;
import org.tikv.shade.io.netty.channel.ChannelOption;

/** One connection to each server, made when it is needed first. Thread-safe. */
final class Channels implements AutoCloseable {
  /** Above what TiKV answers at once: a page of a scan with values of some MiB. */
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private static final int CONNECT_MILLIS = 2_000;

  private final ChannelCredentials credentials;
  private final UnaryOperator<String> addresses;
  private final Map<String, ManagedChannel> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * No connections yet.
   *
   * @param addresses where to find a server that calls itself so; for networks that translate
   *     addresses
   */
  Channels(@org.jspecify.annotations.Nullable Tls tls, UnaryOperator<String> addresses) {
    credentials = tls == null ? InsecureChannelCredentials.create() : tls.credentials();
    this.addresses = addresses;
  }

  /**
   * The connection to a server.
   *
   * @param address {@code host:port}
   */
  ManagedChannel to(String address) {
    ManagedChannel channel = open.computeIfAbsent(address, this::connect);
    if (closed) {
      channel.shutdownNow();
      throw new EngineException.Closed("the engine is closed");
    }
    return channel;
  }

  private ManagedChannel connect(String address) {
    return NettyChannelBuilder.forTarget("dns:///" + addresses.apply(address), credentials)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .maxInboundMessageSize(MAX_ANSWER_BYTES)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .build();
  }

  /** Cuts all connections; calls that are under way fail. */
  @Override
  public void close() {
    closed = true;
    open.values().forEach(ManagedChannel::shutdownNow);
  }
}
