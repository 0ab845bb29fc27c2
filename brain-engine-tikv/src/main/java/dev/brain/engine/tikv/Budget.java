// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The time that one call of the engine may take, and the pauses between its tries. Immutable; any
 * number of threads may share one.
 */
final class Budget {
  private static final long MAX_PAUSE_MILLIS = 200;

  private final long end;
  private final RandomGenerator random;

  /**
   * A budget that begins now.
   *
   * @param random thread-safe; spreads the pauses of those who wait for the same thing
   */
  Budget(Duration time, RandomGenerator random) {
    end = System.nanoTime() + time.toNanos();
    this.random = random;
  }

  /** Whether the time is over, or the thread was asked to stop. */
  boolean isSpent() {
    return remainingNanos() <= 0 || Thread.currentThread().isInterrupted();
  }

  /** What is left; zero or less when the time is over. */
  long remainingNanos() {
    return end - System.nanoTime();
  }

  /** The shorter of what is left and a limit; at least one nanosecond. */
  long remainingNanos(Duration limit) {
    return Math.max(1, Math.min(remainingNanos(), limit.toNanos()));
  }

  /**
   * Waits before another try; the longer, the more tries there were, up to 200 ms and what is left.
   *
   * @param tries how many there were
   */
  void pause(int tries) {
    long most = Math.min(MAX_PAUSE_MILLIS, 1L << Math.clamp(tries, 1, 16));
    long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(most)) + 1;
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(nanos, remainingNanos()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the budget counts as spent from now on
    }
  }
}
