// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import java.io.IOException;

/** A snapshot cannot be used, or not there; the message is one line for the operator. */
public final class SnapshotException extends IOException {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }
}
