// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import java.nio.charset.StandardCharsets;

/**
 * The answer to a request.
 *
 * @param status the HTTP status
 * @param contentType what the body is
 * @param body the body; not copied, not to be changed
 */
public record Answer(int status, String contentType, byte[] body) {
  static final String TEXT = "text/plain; charset=utf-8";

  public static Answer ok(String contentType, String body) {
    return of(200, contentType, body);
  }

  static Answer text(int status, String body) {
    return of(status, TEXT, body);
  }

  private static Answer of(int status, String contentType, String body) {
    return new Answer(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }
}
