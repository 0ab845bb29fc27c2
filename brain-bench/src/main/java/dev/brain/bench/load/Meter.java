// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts the measured operations of one series. Recording is safe for all threads. */
final class Meter {
  /** An hour; what takes longer is recorded as an hour. */
  private static final long LONGEST_NANOS = 3_600_000_000_000L;

  private static final int SIGNIFICANT_DIGITS = 3;

  private final Recorder recorder = new Recorder(1, LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final LongAdder units = new LongAdder();

  void record(long latencyNanos, long unitsHandled) {
    recorder.recordValue(Math.clamp(latencyNanos, 0, LONGEST_NANOS));
    units.add(unitsHandled);
  }

  /** All that has been recorded; to be called once, when nothing more is. */
  Histogram histogram() {
    return recorder.getIntervalHistogram();
  }

  long units() {
    return units.sum();
  }
}
