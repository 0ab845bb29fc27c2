// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

/**
 * TLS cannot be spoken with the files given; the message is one line that names file and reason.
 */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsException(String message) {
    super(message);
  }
}
