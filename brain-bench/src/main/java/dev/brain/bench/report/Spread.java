// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import java.util.Arrays;
import java.util.Collection;

/**
 * The middle of several figures and how far they lie apart; all NaN if none of them is known.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the least
 * @param max the greatest
 */
public record Spread(double median, double min, double max) {

  /** Leaves out what is NaN. */
  public static Spread of(Collection<Double> figures) {
    double[] sorted =
        figures.stream().mapToDouble(Double::doubleValue).filter(f -> !Double.isNaN(f)).toArray();
    if (sorted.length == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
