// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads where the server listens, and what it tells others of it. Not thread-safe. */
final class UrlLoader {
  private final Values values;

  UrlLoader(Values values) {
    this.values = values;
  }

  /** Where to listen; without any, a fault is added. */
  List<ListenUrl> listenSomewhere(Setting setting) {
    List<ListenUrl> listen = listen(setting);
    if (listen.isEmpty() && values.text(setting).isBlank()) {
      values.fault(setting, "at least one URL");
    }
    return listen;
  }

  /** Where to listen; perhaps nowhere. */
  List<ListenUrl> listen(Setting setting) {
    List<ListenUrl> listen = values.list(setting, ListenUrl::parse);
    Set<Object> seen = new HashSet<>();
    for (ListenUrl url : listen) {
      if (url.address().getPort() != 0 && !seen.add(url.address())) {
        values.fault(setting, "each address once");
      }
    }
    return listen;
  }

  /** The URLs that are encrypted for nobody although others than this machine reach them. */
  static List<String> open(List<ListenUrl> listen) {
    return listen.stream()
        .filter(url -> !url.tls() && !url.address().getAddress().isLoopbackAddress())
        .map(url -> url.url(url.address().getPort()))
        .toList();
  }

  /**
   * What others are told: what the operator says, else where the server listens.
   *
   * @return empty if that is known only when a port was bound
   */
  List<String> advertise(Setting setting, List<ListenUrl> listen) {
    if (values.has(setting)) {
      // They are not resolved: what others can reach, this machine may not know.
      return values.list(
          setting,
          text -> {
            if (!text.matches("https?://[^/@?#\\s]+:[0-9]{1,5}/?")) {
              throw new IllegalArgumentException("http://HOST:PORT or https://HOST:PORT");
            }
            return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
          });
    }
    if (listen.stream().anyMatch(url -> url.address().getPort() == 0)) {
      return List.of();
    }
    try {
      // Not every machine has a name, and only who listens everywhere needs one.
      InetAddress thisMachine =
          listen.stream().anyMatch(url -> url.address().getAddress().isAnyLocalAddress())
              ? InetAddress.getLocalHost()
              : InetAddress.getLoopbackAddress();
      return listen.stream().map(url -> url.reachableUrl(thisMachine)).distinct().toList();
    } catch (UnknownHostException e) {
      values.fault(setting, "to be given: this machine has no name");
      return List.of();
    }
  }
}
