// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a server listens for clients.
 *
 * @param host a name or address; an IPv6 address without brackets
 * @param port from 1 to 65535
 * @param tls whether the connection is encrypted
 */
public record Endpoint(String host, int port, boolean tls) {

  /**
   * Reads {@code host:port}, {@code http://host:port} or {@code https://host:port}.
   *
   * @throws IllegalArgumentException with a message for the user if the text is none of these
   */
  public static Endpoint parse(String text) {
    String url = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      String host = uri.getHost();
      boolean known = "http".equals(scheme) || "https".equals(scheme);
      boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
      if (known && host != null && uri.getPort() > 0 && uri.getPort() <= 0xffff && bare) {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Endpoint(name, uri.getPort(), "https".equals(scheme));
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(fault(text), e);
    }
    throw new IllegalArgumentException(fault(text));
  }

  private static String fault(String text) {
    return "endpoint: " + text + " (expected: host:port, http://host:port or https://host:port)";
  }

  @Override
  public String toString() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + name + ":" + port;
  }
}
