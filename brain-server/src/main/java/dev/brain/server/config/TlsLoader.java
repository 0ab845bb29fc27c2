// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how the server speaks TLS, with clients and with peers. Not thread-safe. */
final class TlsLoader {
  private static final String NO_TLS =
      "an https:// URL to listen on; as it is, nothing would speak TLS";

  private final Values values;
  private final List<String> versions;
  private final List<String> cipherSuites;

  TlsLoader(Values values) {
    this.values = values;
    this.versions = versions();
    this.cipherSuites = values.list(Settings.CIPHER_SUITES, text -> text);
  }

  private List<String> versions() {
    Map<String, Integer> choices = new TreeMap<>(Map.of("TLS1.2", 2, "TLS1.3", 3));
    int least = values.choice(Settings.TLS_MIN_VERSION, choices);
    int most =
        values.has(Settings.TLS_MAX_VERSION) ? values.choice(Settings.TLS_MAX_VERSION, choices) : 3;
    if (least > most) {
      values.fault(Settings.TLS_MAX_VERSION, "at least --tls-min-version");
    }
    return Stream.of(3, 2)
        .filter(version -> version >= least && version <= most)
        .map(version -> "TLSv1." + version)
        .toList();
  }

  /** TLS with clients, who need a certificate if there are authorities; null without an https. */
  ServerConfig.@Nullable Tls clients(List<ListenUrl> listen) {
    boolean authority = values.has(Settings.TRUSTED_CA_FILE);
    if (values.toggle(Settings.CLIENT_CERT_AUTH) && !authority) {
      values.fault(Settings.CLIENT_CERT_AUTH, "--trusted-ca-file to be given too");
    }
    boolean wanted = listen.stream().anyMatch(ListenUrl::tls);
    boolean given = given(wanted, Settings.CERT_FILE, Settings.KEY_FILE);
    if (authority && !wanted) {
      values.fault(
          Settings.TRUSTED_CA_FILE, "an https:// URL to listen on; plaintext cannot be trusted");
    }
    return given
        ? new ServerConfig.Tls(
            values.file(Settings.CERT_FILE),
            values.file(Settings.KEY_FILE),
            authority ? values.file(Settings.TRUSTED_CA_FILE) : null,
            versions,
            cipherSuites)
        : null;
  }

  /** TLS among members, who all need a certificate; null without an https. */
  ServerConfig.@Nullable Tls peers(List<ListenUrl> listen) {
    boolean wanted = listen.stream().anyMatch(ListenUrl::tls);
    if (wanted && !listen.stream().allMatch(ListenUrl::tls)) {
      values.fault(ClusterSettings.LISTEN_PEER_URLS, "https:// in all of them, or in none");
    }
    return given(
            wanted,
            ClusterSettings.PEER_CERT_FILE,
            ClusterSettings.PEER_KEY_FILE,
            ClusterSettings.PEER_TRUSTED_CA_FILE)
        ? new ServerConfig.Tls(
            values.file(ClusterSettings.PEER_CERT_FILE),
            values.file(ClusterSettings.PEER_KEY_FILE),
            values.file(ClusterSettings.PEER_TRUSTED_CA_FILE),
            versions,
            cipherSuites)
        : null;
  }

  /** Whether TLS is wanted and all files it needs are given. */
  private boolean given(boolean wanted, Setting... files) {
    boolean given = wanted;
    for (Setting file : files) {
      if (wanted && !values.has(file)) {
        values.fault(file, "a file, because a URL to listen on begins with https://");
        given = false;
      }
      if (!wanted && values.has(file)) {
        values.fault(file, NO_TLS);
      }
    }
    return given;
  }
}
