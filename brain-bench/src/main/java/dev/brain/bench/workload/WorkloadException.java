// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/** A workload cannot run; the message tells the user what failed. */
public final class WorkloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message stands alone, without the cause's. */
  public WorkloadException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message stands alone. */
  public WorkloadException(String message) {
    super(message);
  }
}
