// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import org.HdrHistogram.Histogram;

/**
 * How long operations took, in milliseconds, to three significant digits; all 0 if there were none.
 * At a fixed rate it counts from when an operation was due.
 */
public record Latency(double mean, double p50, double p90, double p99, double p999, double max) {
  private static final double NANOS_PER_MILLISECOND = 1e6;

  /** Reads a histogram of nanoseconds. */
  static Latency of(Histogram histogram) {
    return new Latency(
        histogram.getMean() / NANOS_PER_MILLISECOND,
        percentile(histogram, 50),
        percentile(histogram, 90),
        percentile(histogram, 99),
        percentile(histogram, 99.9),
        histogram.getMaxValue() / NANOS_PER_MILLISECOND);
  }

  private static double percentile(Histogram histogram, double percent) {
    return histogram.getValueAtPercentile(percent) / NANOS_PER_MILLISECOND;
  }
}
