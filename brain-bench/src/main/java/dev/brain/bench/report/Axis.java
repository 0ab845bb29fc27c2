// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Places values between two ends of a picture, evenly or by their logarithm.
 *
 * @param least the value at {@code from}; above 0 on a logarithmic axis
 * @param greatest the value at {@code to}; above {@code least}
 * @param logarithmic whether a tenfold value lies a fixed way further on
 * @param from pixels
 * @param to pixels
 */
record Axis(double least, double greatest, boolean logarithmic, double from, double to) {
  private static final int TICKS = 5;
  private static final double TEN = 10;

  /** An axis from 0 to a round number that holds a value. */
  static Axis linear(double greatest, double from, double to) {
    double step = step(Math.max(greatest, Double.MIN_NORMAL));
    double end = Math.max(1, Math.ceil(greatest / step)) * step;
    return new Axis(0, end, /* logarithmic= */ false, from, to);
  }

  /** An axis over powers of ten that hold both values, which are above 0. */
  static Axis logarithmic(double least, double greatest, double from, double to) {
    double low = Math.floor(Math.log10(least));
    double high = Math.max(low + 1, Math.ceil(Math.log10(greatest)));
    return new Axis(Math.pow(TEN, low), Math.pow(TEN, high), /* logarithmic= */ true, from, to);
  }

  /** Where a value lies; one beyond an end lies at the end. */
  double place(double value) {
    double inside = Math.clamp(value, least, greatest);
    double part =
        logarithmic
            ? Math.log10(inside / least) / Math.log10(greatest / least)
            : (inside - least) / (greatest - least);
    return from + part * (to - from);
  }

  /** Values to be marked. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = least; tick <= greatest * 1.001; tick *= TEN) {
        ticks.add(tick);
      }
      return ticks;
    }
    double step = step(greatest - least);
    int steps = (int) Math.round((greatest - least) / step);
    for (int i = 0; i <= steps; i++) {
      ticks.add(least + i * step);
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten, so that there are about five steps. */
  private static double step(double length) {
    double rough = length / TICKS;
    double power = Math.pow(TEN, Math.floor(Math.log10(rough)));
    double digits = rough / power;
    return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : TEN);
  }

  /** A value in a few characters. */
  static String label(double value) {
    if (value >= 1e6) {
      return number(value / 1e6) + "M";
    }
    return value >= 1e4 ? number(value / 1e3) + "k" : number(value);
  }

  private static String number(double value) {
    return shortened(value, value < 1 ? "%.3f" : "%.1f");
  }

  /** A value to the hundredth. */
  static String exact(double value) {
    return shortened(value, "%.2f");
  }

  private static String shortened(double value, String format) {
    return String.format(Locale.ROOT, format, value).replaceAll("\\.?0+$", "");
  }
}
