// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import org.jspecify.annotations.Nullable;

/** The server cannot start; the message is one line that names the thing and the reason. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
