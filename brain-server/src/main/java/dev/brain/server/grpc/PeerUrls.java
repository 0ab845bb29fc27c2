// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;

/** What etcd takes for URLs of a member: scheme, host and port, and no path. */
final class PeerUrls {
  private static final Set<String> SCHEMES = Set.of("http", "https", "unix", "unixs");

  private PeerUrls() {}

  /** Whether there is at least one and all are right. */
  static boolean areValid(List<String> urls) {
    return !urls.isEmpty() && urls.stream().allMatch(PeerUrls::isValid);
  }

  private static boolean isValid(String text) {
    try {
      URI url = new URI(text.strip());
      return url.getScheme() != null
          && SCHEMES.contains(url.getScheme())
          && url.getHost() != null
          && url.getPort() >= 0
          && (url.getPath() == null || url.getPath().isEmpty());
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
