// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

/** Timestamps of TiKV: 46 bits of milliseconds, 18 bits that count within one; unsigned. */
final class Timestamps {
  /** "The newest there is", never a moment in time. */
  static final long MAX = -1L;

  static final int LOGICAL_BITS = 18;

  private Timestamps() {}

  static boolean after(long timestamp, long other) {
    return Long.compareUnsigned(timestamp, other) > 0;
  }

  static long latest(long timestamp, long other) {
    return after(timestamp, other) ? timestamp : other;
  }

  /** Milliseconds since 1970. */
  static long physical(long timestamp) {
    return timestamp >>> LOGICAL_BITS;
  }

  static long logical(long timestamp) {
    return timestamp & ((1L << LOGICAL_BITS) - 1);
  }
}
