// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * Gives each new connection the newest TLS context, for a channel that takes one for all its
 * connections. Thread-safe.
 */
final class NewestSslContext extends SslContext {
  private final ReloadingTls tls;

  NewestSslContext(ReloadingTls tls) {
    this.tls = tls;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return tls.context().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return tls.context().newEngine(allocator, host, port);
  }

  @Override
  public boolean isClient() {
    return tls.context().isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return tls.context().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // SslContext demands it.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return tls.context().applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return tls.context().sessionContext();
  }
}
