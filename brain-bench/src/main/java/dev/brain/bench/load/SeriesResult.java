// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import dev.brain.bench.workload.Series;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one series.
 *
 * @param name such as {@code insert}
 * @param unit what operations handle
 * @param isEvent whether these are no operations but events beside them
 * @param operations how many succeeded
 * @param operationsPerSecond over the window
 * @param unitsPerSecond over the window
 * @param latency of the successful operations
 */
public record SeriesResult(
    String name,
    String unit,
    boolean isEvent,
    long operations,
    double operationsPerSecond,
    double unitsPerSecond,
    Latency latency) {

  /** Computes the rates; they are 0 for a window of no length. */
  static SeriesResult of(Series series, Histogram histogram, long units, double seconds) {
    long operations = histogram.getTotalCount();
    double per = seconds > 0 ? 1 / seconds : 0;
    return new SeriesResult(
        series.name(),
        series.unit(),
        series.isEvent(),
        operations,
        operations * per,
        units * per,
        Latency.of(histogram));
  }
}
