// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

import dev.brain.server.config.ServerConfig;
import java.time.InstantSource;

/**
 * The TLS of members among each other: each shows its certificate, as server and as client, and
 * accepts those of the authorities it was given. Made anew when its files change, as {@link
 * ReloadingTls}, whose rules for threads hold here too.
 */
public final class PeerTls {
  private final ReloadingTls server;
  private final ReloadingTls client;

  /**
   * Reads the files.
   *
   * @param files with authorities
   * @param clock tells whether a certificate has expired
   * @throws TlsException if they cannot be used
   */
  public PeerTls(ServerConfig.Tls files, InstantSource clock) throws TlsException {
    if (files.trustedAuthorities() == null) {
      throw new IllegalArgumentException("TLS of peers without authorities would let anybody in");
    }
    this.server = new ReloadingTls(files, clock);
    this.client = ReloadingTls.ofClient(files, clock);
  }

  /** Looks at the files, and reads them if one of them is another than before. */
  public void reloadIfChanged() {
    server.reloadIfChanged();
    client.reloadIfChanged();
  }

  ReloadingTls server() {
    return server;
  }

  ReloadingTls client() {
    return client;
  }
}
