// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** What reads that cannot be answered on the event loop need. Thread-safe. */
public final class Reads {
  private final ReadQueue readers;
  private final ScheduledExecutorService timer;
  private final ResponseBudget budget;
  private final long timeoutNanos;

  /**
   * Puts together what reads need.
   *
   * @param readers runs what blocks
   * @param timer runs what is quick at a later time
   * @param budget bounds the answers in memory
   * @param timeout how long a read may wait for a reader and for bytes
   */
  public Reads(
      ReadQueue readers, ScheduledExecutorService timer, ResponseBudget budget, Duration timeout) {
    this.readers = readers;
    this.timer = timer;
    this.budget = budget;
    this.timeoutNanos = timeout.toNanos();
  }

  ReadQueue readers() {
    return readers;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  ResponseBudget budget() {
    return budget;
  }

  long timeoutNanos() {
    return timeoutNanos;
  }
}
