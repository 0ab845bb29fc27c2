// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 500ms}, {@code 10s}, {@code 1.5m} and {@code 1h}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(ms|s|m|h)");
  private static final BigDecimal NANOS_PER_MILLISECOND = new BigDecimal(1_000_000);

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          text + " is no duration (expected: a number and a unit, such as 500ms, 10s, 2m, 1h)");
    }
    long milliseconds =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    BigDecimal nanos =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(milliseconds))
            .multiply(NANOS_PER_MILLISECOND);
    return Duration.ofNanos(nanos.longValue());
  }
}
