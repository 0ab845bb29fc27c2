// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/** Carries a {@link Failure} out of a call that answers by returning. Has no stack trace. */
public final class FailureException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public FailureException(Failure failure) {
    super(failure.toString(), null, false, false);
    this.failure = failure;
  }

  /** Why there is no result. */
  public Failure failure() {
    return failure;
  }
}
