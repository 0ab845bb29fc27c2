// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.time.Duration;

/**
 * TiKV's timestamps: 46 bits of milliseconds since 1970, 18 bits of a counter.
 *
 * <p>TiKV compares them as unsigned numbers and remembers the greatest that it was asked with. So
 * one that lies in the far future, above all {@link Long#MAX_VALUE}, spoils a cluster: newer
 * versions refuse it or stop. Every timestamp that is sent passes {@link #checked}.
 */
final class Timestamps {
  /** The greatest unsigned number; where it is allowed it means "now", and TiKV knows it. */
  static final long NOW = -1;

  private static final int LOGICAL_BITS = 18;

  /** The year 2527; the placement driver's clock is far below. */
  private static final long LIMIT = 1L << 62;

  private Timestamps() {}

  /** The timestamp itself, if it can be one. */
  static long checked(long timestamp) {
    if (timestamp <= 0 || timestamp >= LIMIT) {
      throw new EngineException.Corrupted(
          "timestamp "
              + Long.toUnsignedString(timestamp)
              + " (expected: one that the placement driver gave)",
          null);
    }
    return timestamp;
  }

  static long of(long millis, long logical) {
    return checked((millis << LOGICAL_BITS) + logical);
  }

  static long millis(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }

  /** The timestamp so much earlier; the first of all if there is none. */
  static long before(long timestamp, Duration time) {
    return of(Math.max(0, millis(timestamp) - time.toMillis()), 1);
  }
}
