// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import com.google.errorprone.annotations.FormatMethod;
import dev.brain.bench.load.Latency;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.Usage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes measurements and comparisons for people. */
public final class TextReport {
  private static final double MEBIBYTE = 1 << 20;

  /** From here on a figure is as good without its fraction. */
  private static final double LARGE = 1000;

  private final PrintWriter out;

  /** The writer is flushed after each report and not closed. */
  public TextReport(PrintWriter out) {
    this.out = out;
  }

  /** Writes one run. */
  public void write(Measurement measurement) {
    LoadResult result = measurement.result();
    print(
        "%n%s on %s (version %s), %.1f s measured%n",
        measurement.workload(), measurement.endpoint(), measurement.version(), result.seconds());
    print(
        "  %-10s %12s %12s %22s %9s %9s %9s %9s %9s %9s%n",
        "", "succeeded", "per second", "handled/s", "mean ms", "p50", "p90", "p99", "p99.9", "max");
    for (SeriesResult series : result.series()) {
      Latency latency = series.latency();
      print(
          "  %-10s %,12d %12s %22s %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f%n",
          series.name(),
          series.operations(),
          figure(series.operationsPerSecond()),
          figure(series.unitsPerSecond()) + " " + series.unit(),
          latency.mean(),
          latency.p50(),
          latency.p90(),
          latency.p99(),
          latency.p999(),
          latency.max());
    }
    if (result.rate() > 0) {
      print(
          "  %s operations were due per second: %s%n",
          figure(result.rate()), result.keptUp() ? "kept up" : "DID NOT KEEP UP");
    }
    writeProblems(result);
    writeUsage("server", result.server(), result.unit(), result.throughputPerCpuSecond());
    writeUsage("client", result.client(), result.unit(), Double.NaN);
    out.flush();
  }

  private void writeProblems(LoadResult result) {
    long errors = result.errors().values().stream().mapToLong(Long::longValue).sum();
    print(
        "  errors %,d, conflicts %,d, unanswered %,d%n",
        errors, result.conflicts(), result.unanswered());
    result.errors().forEach((text, count) -> print("    %,d x %s%n", count, text));
    result.faults().forEach(fault -> print("  FAULT: %s%n", fault));
  }

  private void writeUsage(String who, @Nullable Usage usage, String unit, double perCpuSecond) {
    if (usage == null) {
      return;
    }
    print(
        "  %s: %.2f cores, RSS %,.0f MiB (peak %,.0f MiB)",
        who, usage.cores(), usage.residentBytes() / MEBIBYTE, usage.peakResidentBytes() / MEBIBYTE);
    if (!Double.isNaN(perCpuSecond)) {
      print(", %s %s per CPU-second", figure(perCpuSecond), unit);
    }
    print("%n");
  }

  /** Writes what was compared as one table. */
  public void write(List<Comparison> comparisons) {
    print(
        "%n%-13s %-36s %12s %-19s %12s %-19s %7s%n",
        "workload", "median", "A", "(min-max)", "B", "(min-max)", "A/B");
    for (Comparison comparison : comparisons) {
      String label = comparison.workload();
      if (comparison.rate() > 0) {
        print("%s at %s operations per second%n", label, figure(comparison.rate()));
        label = "";
      }
      for (Comparison.Row row : comparison.rows()) {
        print(
            "%-13s %-36s %12s %-19s %12s %-19s %7s%n",
            label,
            row.figure(),
            figure(row.a().median()),
            range(row.a()),
            figure(row.b().median()),
            range(row.b()),
            Double.isNaN(row.ratio()) ? "-" : String.format(Locale.ROOT, "%.2f", row.ratio()));
        label = "";
      }
    }
    out.flush();
  }

  private static String range(Spread spread) {
    return Double.isNaN(spread.median())
        ? ""
        : "(" + figure(spread.min()) + "-" + figure(spread.max()) + ")";
  }

  private static String figure(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(Locale.ROOT, value >= LARGE ? "%,.0f" : "%.2f", value);
  }

  @FormatMethod
  private void print(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
