// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * PEM files for encrypted endpoints.
 *
 * @param authority the certificates that may have signed the server's, or null for the JDK's own
 * @param certificate the client's certificate, or null to show none
 * @param key the key of {@code certificate}, unencrypted PKCS#8; null if and only if that is null
 */
public record Credentials(
    @Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {

  /** The JDK's authorities and no client certificate. */
  public static final Credentials NONE = new Credentials(null, null, null);

  /** Refuses a certificate without its key, and a key without its certificate. */
  public Credentials {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "client certificate: " + certificate + ", key: " + key + " (expected: both or neither)");
    }
  }
}
