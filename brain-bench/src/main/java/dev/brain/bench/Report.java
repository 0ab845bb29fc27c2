// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.report.Comparison;
import dev.brain.bench.report.JsonReport;
import dev.brain.bench.report.Measurement;
import dev.brain.bench.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shows the results as they come, and writes them as JSON in the end where that is asked for. */
final class Report {
  private static final String STANDARD_OUTPUT = "-";

  private final LoadOptions options;
  private final PrintWriter out;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  Report(LoadOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  void add(Measurement measurement) {
    measurements.add(measurement);
    if (showsText()) {
      new TextReport(out).write(measurement);
    }
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  /** Writes the rest. */
  void finish() throws IOException {
    if (showsText() && !comparisons.isEmpty()) {
      new TextReport(out).write(comparisons);
    }
    if (options.json == null) {
      return;
    }
    if (options.json.equals(STANDARD_OUTPUT)) {
      JsonReport.write(out, options.settings(), measurements, comparisons);
      return;
    }
    try (Writer file = Files.newBufferedWriter(Path.of(options.json))) {
      JsonReport.write(file, options.settings(), measurements, comparisons);
    }
  }

  /** Whether every run has measured something and found no fault. */
  boolean isSound() {
    return measurements.stream().allMatch(measurement -> measurement.result().isSound());
  }

  private boolean showsText() {
    return !STANDARD_OUTPUT.equals(options.json);
  }
}
