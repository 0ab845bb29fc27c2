// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import org.tikv.shade.io.grpc.Status;

/** Tells in one line why a call failed. */
final class Trouble {
  private Trouble() {}

  /** Code and description; gRPC's own text goes on with the trace of a cause. */
  static String of(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    String description = status.getDescription();
    return description == null
        ? status.getCode().toString()
        : status.getCode() + ": " + description.lines().findFirst().orElse("");
  }
}
