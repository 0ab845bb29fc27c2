// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ServerConfig;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/** Makes TLS contexts of files that were read. */
final class SslContexts {
  private SslContexts() {}

  /** For those who are connected to; clients need a certificate if there are authorities. */
  static SslContext server(ServerConfig.Tls config, TlsFiles read) throws TlsException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(read.key(), read.chain().toArray(X509Certificate[]::new))
            // The first one of these that the client offers is chosen. gRPC clients offer h2 alone;
            // who offers http/1.1 too, as curl and Prometheus do, wants a page, and pages are
            // served by HTTP/1.1 only.
            .applicationProtocolConfig(protocols("http/1.1", "h2"));
    if (!read.authorities().isEmpty()) {
      builder
          .trustManager(read.authorities().toArray(X509Certificate[]::new))
          .clientAuth(ClientAuth.REQUIRE);
    }
    return build(builder, config);
  }

  /** For those who connect, and show a certificate of their own. */
  static SslContext client(ServerConfig.Tls config, TlsFiles read) throws TlsException {
    return build(
        SslContextBuilder.forClient()
            .keyManager(read.key(), read.chain().toArray(X509Certificate[]::new))
            .trustManager(read.authorities().toArray(X509Certificate[]::new))
            .applicationProtocolConfig(protocols("h2")),
        config);
  }

  private static ApplicationProtocolConfig protocols(String... names) {
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        names);
  }

  private static SslContext build(SslContextBuilder builder, ServerConfig.Tls config)
      throws TlsException {
    try {
      builder.sslProvider(SslProvider.JDK).protocols(config.versions());
      if (config.cipherSuites().isEmpty()) {
        builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
      } else {
        builder.ciphers(config.cipherSuites());
      }
      SslContext made = builder.build();
      // Wrong names of cipher suites show only when the first engine is made.
      made.newEngine(UnpooledByteBufAllocator.DEFAULT);
      return made;
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(config.certificates() + ": TLS cannot be set up: " + e.getMessage());
    }
  }
}
