// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ServerConfig;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
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
  private final Maker maker;
  private List<Object> stamps;
  private volatile SslContext context;

  /** Makes a context of the files. */
  private interface Maker {
    SslContext make(ServerConfig.Tls files, TlsFiles read) throws TlsException;
  }

  /**
   * Reads the files of a server.
   *
   * @param clock tells whether a certificate has expired
   * @throws TlsException if they cannot be used
   */
  public ReloadingTls(ServerConfig.Tls files, InstantSource clock) throws TlsException {
    this(files, clock, SslContexts::server);
  }

  private ReloadingTls(ServerConfig.Tls files, InstantSource clock, Maker maker)
      throws TlsException {
    this.files = files;
    this.clock = clock;
    this.maker = maker;
    this.stamps = stamps();
    this.context = read();
  }

  /**
   * Reads the files of a client, who has a certificate too.
   *
   * @throws TlsException if they cannot be used
   */
  static ReloadingTls ofClient(ServerConfig.Tls files, InstantSource clock) throws TlsException {
    return new ReloadingTls(files, clock, SslContexts::client);
  }

  /** The context for a new connection. */
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
    return maker.make(files, TlsFiles.read(files, clock));
  }
}
