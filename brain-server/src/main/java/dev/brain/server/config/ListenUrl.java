// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/**
 * A place to listen.
 *
 * @param tls whether to speak TLS there
 * @param host a host name or address, as the operator wrote it; IPv6 addresses in brackets
 * @param address what to bind; port 0 takes a free one
 */
public record ListenUrl(boolean tls, String host, InetSocketAddress address) {

  /**
   * Parses {@code http://HOST:PORT} or {@code https://HOST:PORT}.
   *
   * @throws IllegalArgumentException if it is something else, or the host is not known; the message
   *     is what was expected
   */
  static ListenUrl parse(String text) {
    String expected = "http://HOST:PORT or https://HOST:PORT";
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(expected, e);
    }
    boolean http = "http".equals(uri.getScheme());
    boolean https = "https".equals(uri.getScheme());
    String path = uri.getRawPath();
    if (!(http || https)
        || uri.getHost() == null
        || uri.getPort() < 0
        || uri.getPort() > 65535
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(path == null || path.isEmpty() || path.equals("/"))) {
      throw new IllegalArgumentException(expected);
    }
    try {
      InetAddress address = InetAddress.getByName(uri.getHost());
      return new ListenUrl(https, uri.getHost(), new InetSocketAddress(address, uri.getPort()));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("a host that this machine can resolve", e);
    }
  }

  /** The URL, for an address that was bound to it. */
  public String url(int boundPort) {
    return url(host, boundPort);
  }

  /** The URL by which others reach this place, if it is bound to the given port. */
  String reachableUrl(InetAddress thisMachine) {
    return url(
        address.getAddress().isAnyLocalAddress() ? literal(thisMachine) : host, address.getPort());
  }

  private String url(String urlHost, int port) {
    return (tls ? "https://" : "http://") + urlHost + ":" + port;
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }
}
