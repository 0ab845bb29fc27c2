// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ServerConfig;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS context for new connections, made anew when its files change. Connections that exist keep
 * the one they were made with. When the changed files cannot be used the old context stays, and a
 * line in the log says why.
 *
 * <p>Thread-safe: any thread may ask for the {@link #context()}; {@link #reloadIfChanged()} is
 * called by one thread at a time.
 */
public final class ReloadingTls {
  private static final Logger log = LoggerFactory.getLogger(ReloadingTls.class);

  private final ServerConfig.Tls files;
  private final InstantSource clock;
  private List<Object> stamps;
  private volatile SslContext context;

  /**
   * Reads the files.
   *
   * @param clock tells whether a certificate has expired
   * @throws TlsException if they cannot be used
   */
  public ReloadingTls(ServerConfig.Tls files, InstantSource clock) throws TlsException {
    this.files = files;
    this.clock = clock;
    this.stamps = stamps();
    this.context = read();
  }

  /** The context for a new connection; its ALPN knows h2 and http/1.1. */
  SslContext context() {
    return context;
  }

  /** Looks at the files, and reads them if one of them is another than before. */
  public void reloadIfChanged() {
    List<Object> found = stamps();
    if (found.equals(stamps)) {
      return;
    }
    stamps = found;
    try {
      context = read();
      log.info("TLS files have changed; new connections use {}", files.certificates());
    } catch (TlsException e) {
      log.warn("TLS files have changed, but the old ones stay in use: {}", e.getMessage());
    }
  }

  /**
   * What tells one state of the files from another. The file key is among it because a rename, or
   * the swap of a link as Kubernetes does it for a secret, can bring an old time with it.
   */
  private List<Object> stamps() {
    return Stream.of(files.certificates(), files.key(), files.trustedAuthorities())
        .flatMap(Stream::ofNullable)
        .map(ReloadingTls::stamp)
        .toList();
  }

  private static Object stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = attributes.fileKey();
      return List.of(
          attributes.lastModifiedTime(), attributes.size(), key == null ? "no key" : key);
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private SslContext read() throws TlsException {
    TlsFiles read = TlsFiles.read(files, clock);
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(read.key(), read.chain().toArray(X509Certificate[]::new))
              .sslProvider(SslProvider.JDK)
              .protocols(files.versions())
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      // The first one of these that the client offers is chosen. gRPC clients offer
                      // h2 alone; who offers http/1.1 too, as curl and Prometheus do, wants a page,
                      // and pages are served by HTTP/1.1 only.
                      "http/1.1",
                      "h2"));
      if (files.cipherSuites().isEmpty()) {
        builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
      } else {
        builder.ciphers(files.cipherSuites());
      }
      if (!read.authorities().isEmpty()) {
        builder
            .trustManager(read.authorities().toArray(X509Certificate[]::new))
            .clientAuth(ClientAuth.REQUIRE);
      }
      SslContext made = builder.build();
      // Wrong names of cipher suites show only when the first engine is made.
      made.newEngine(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT);
      return made;
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(files.certificates() + ": TLS cannot be set up: " + e.getMessage());
    }
  }
}
