// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and sizes as operators of etcd write them. */
final class Units {
  private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000L),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));
  private static final Pattern SIZE = Pattern.compile("(-?[0-9]+)(KiB|MiB|GiB|)");

  private Units() {}

  /**
   * Reads a duration in Go's form: {@code 5s}, {@code 1h30m}, {@code 100ms}, {@code 0}.
   *
   * @throws IllegalArgumentException if it is something else; the message is what was expected
   */
  static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = DURATION.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (part.lookingAt()) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
      end = part.end();
      part.region(end, text.length());
    }
    if (end == 0
        || end < text.length()
        || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("a duration such as 500ms, 5s or 1h30m");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /** Reads a duration that is not 0. */
  static Duration positiveDuration(String text) {
    Duration duration = duration(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("a duration above 0");
    }
    return duration;
  }

  private static BigDecimal nanosOf(String unit) {
    return NANOS.getOrDefault(unit, BigDecimal.ONE);
  }

  /**
   * Reads a number of bytes, with or without a unit: {@code 8589934592}, {@code 8GiB}.
   *
   * @throws IllegalArgumentException if it is something else; the message is what was expected
   */
  static long bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "a number of bytes such as 1048576, 512KiB, 64MiB or 8GiB");
    }
    int shift =
        switch (size.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    try {
      return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("a number of bytes below 2^63", e);
    }
  }
}
