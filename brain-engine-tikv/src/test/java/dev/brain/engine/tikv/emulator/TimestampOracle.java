// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.time.InstantSource;

/**
 * Gives out timestamps as PD does: each larger than all before, also when the clock goes back.
 * Guarded by the cluster.
 */
final class TimestampOracle {
  private final InstantSource clock;
  private long last;

  TimestampOracle(InstantSource clock) {
    this.clock = clock;
  }

  /** The last of {@code count} timestamps that follow each other; the caller has them all. */
  long next(int count) {
    long now = clock.millis() << Timestamps.LOGICAL_BITS;
    last = Math.max(last, now) + count;
    return last;
  }

  /** True if the timestamp is further ahead than a client can have come by honest means. */
  boolean isFuture(long timestamp) {
    long now = Math.max(clock.millis(), Timestamps.physical(last));
    return Timestamps.physical(timestamp) > now + 1000;
  }

  long millis() {
    return clock.millis();
  }
}
