// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.transport;

/** An address cannot be listened on; the message is one line that names it and the reason. */
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  ListenException(String where, Throwable cause) {
    super(where + ": cannot listen: " + reason(cause));
  }

  /** The innermost message, without the class names and addresses that outer ones add. */
  private static String reason(Throwable cause) {
    Throwable inner = cause;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null
        ? inner.getClass().getSimpleName()
        // What epoll puts before the text of the operating system.
        : message.replaceFirst("^.*failed with error\\(-?[0-9]+\\): ", "");
  }
}
