// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import dev.brain.bench.workload.Series;
import java.util.List;
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
 * @param curve the same at more percentiles, ascending; empty if there were none
 */
public record SeriesResult(
    String name,
    String unit,
    boolean isEvent,
    long operations,
    double operationsPerSecond,
    double unitsPerSecond,
    Latency latency,
    List<Percentile> curve) {
  /** More of them where operations are slow, which is where servers differ. */
  private static final List<Double> PERCENTS =
      List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5, 99.0, 99.5, 99.9, 99.95, 99.99);

  private static final double NANOS_PER_MILLISECOND = 1e6;

  /**
   * So many in a hundred operations took no longer than this.
   *
   * @param percent from 0 to below 100
   */
  public record Percentile(double percent, double milliseconds) {}

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
        Latency.of(histogram),
        curve(histogram));
  }

  private static List<Percentile> curve(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return List.of();
    }
    return PERCENTS.stream()
        .map(
            percent ->
                new Percentile(
                    percent, histogram.getValueAtPercentile(percent) / NANOS_PER_MILLISECOND))
        .toList();
  }
}
