// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

/**
 * When operations are due.
 *
 * <p>In a closed loop an operation is due when a client is free for it: the slower the server, the
 * fewer operations it is asked for. At a fixed rate it is due when the clock says so, whether a
 * client is free or not, and its latency counts from there; so a server that stops for a second is
 * charged for all that was due in that second, and not for one operation per client.
 */
final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double interval;

  /** The rate is in operations per second; 0 stands for a closed loop. */
  Pace(double rate) {
    this.interval = rate > 0 ? NANOS_PER_SECOND / rate : 0;
  }

  /** Operations due per second; 0 in a closed loop. */
  double rate() {
    return fixed() ? NANOS_PER_SECOND / interval : 0;
  }

  boolean fixed() {
    return interval > 0;
  }

  /** When the operation with an index is due, in nanoseconds of the clock. */
  long due(long index, long start, long now) {
    return fixed() ? start + (long) (index * interval) : now;
  }

  /** How many operations are due before {@code end}; 0 in a closed loop, where none ever waits. */
  long dueBefore(long start, long end) {
    return fixed() ? (long) Math.ceil((end - start) / interval) : 0;
  }
}
