// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What reads that cannot be answered on the event loop need. Thread-safe. */
public final class Reads {
  /** Who takes an answer more slowly does not get it. */
  private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

  private final ReadQueue readers;
  private final ScheduledExecutorService timer;
  private final ResponseBudget budget;
  private final long timeoutNanos;
  private final ReadGate gate;

  /**
   * Puts together what reads need.
   *
   * @param readers runs what blocks
   * @param timer runs what is quick at a later time
   * @param budget bounds the answers in memory
   * @param timeout how long a read may wait for a reader and for bytes
   * @param gate lets reads begin
   */
  public Reads(
      ReadQueue readers,
      ScheduledExecutorService timer,
      ResponseBudget budget,
      Duration timeout,
      ReadGate gate) {
    this.readers = readers;
    this.timer = timer;
    this.budget = budget;
    this.timeoutNanos = timeout.toNanos();
    this.gate = gate;
  }

  ReadGate gate() {
    return gate;
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

  /** How long a client may take, in nanoseconds, for an answer of so many bytes. */
  long patience(long bytes) {
    return timeoutNanos + TimeUnit.SECONDS.toNanos(bytes / SLOWEST_BYTES_PER_SECOND);
  }
}
