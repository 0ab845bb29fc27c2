// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The bytes that one answer holds of the budget until its call ends. Thread-safe. */
final class Charge {
  private final ResponseBudget budget;

  @GuardedBy("this")
  private long held;

  @GuardedBy("this")
  private boolean ended;

  Charge(ResponseBudget budget) {
    this.budget = budget;
  }

  /** Counts bytes that were reserved already, or, if the call has ended, gives them back. */
  void take(long reserved) {
    synchronized (this) {
      if (!ended) {
        held += reserved;
        return;
      }
    }
    budget.change(-reserved);
  }

  /** Counts bytes that exist, whether or not they are free. */
  void add(long bytes) {
    budget.change(bytes);
    take(bytes);
  }

  /** Gives everything back; to be called when the call has ended, any number of times. */
  void end() {
    long giveBack;
    synchronized (this) {
      ended = true;
      giveBack = held;
      held = 0;
    }
    if (giveBack > 0) {
      budget.change(-giveBack);
    }
  }
}
