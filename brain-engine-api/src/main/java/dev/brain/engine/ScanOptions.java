// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * How a range is walked.
 *
 * @param reverse whether the greatest key comes first
 * @param keysOnly whether values will not be asked for, so that an engine need not read them; the
 *     values of such a cursor may be empty
 * @param expected how many entries the caller expects to read, as a hint for reading ahead; 0 if it
 *     does not know. Never a limit
 */
public record ScanOptions(boolean reverse, boolean keysOnly, int expected) {
  /** Ascending, with values, unknown length. */
  public static final ScanOptions FORWARD = new ScanOptions(false, false, 0);

  /** Descending, with values, unknown length. */
  public static final ScanOptions BACKWARD = new ScanOptions(true, false, 0);

  /** Ascending, keys only, unknown length. */
  public static final ScanOptions KEYS = new ScanOptions(false, true, 0);

  public ScanOptions {
    if (expected < 0) {
      throw new IllegalArgumentException("expected: " + expected + " (expected: 0 or more)");
    }
  }
}
