// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.report.Comparison;
import dev.brain.bench.report.HtmlReport;
import dev.brain.bench.report.JsonReport;
import dev.brain.bench.report.Measurement;
import dev.brain.bench.report.TextReport;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Shows each run when it is done, and at the end, also an early one, the comparisons and, where
 * that is asked for, everything as JSON.
 */
final class Report implements Closeable {
  private final Map<String, Object> settings;
  private final PrintWriter out;
  private final boolean showsText;

  /** Where JSON goes; null for nowhere, and for {@link #out} where no text is shown. */
  private final @Nullable Writer file;

  /** Where the page goes; null for nowhere. */
  private final @Nullable Writer page;

  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  private Report(LoadOptions options, PrintWriter out) {
    this.settings = options.settings();
    this.out = out;
    this.showsText = options.results.showsText();
    this.file = options.results.open();
    this.page = options.html == null ? null : ResultOptions.open("--html", options.html);
  }

  /** Makes the files at once, so that a wrong name is found before hours of measuring. */
  static Report open(LoadOptions options, PrintWriter out) {
    return new Report(options, out);
  }

  void add(Measurement measurement) {
    measurements.add(measurement);
    if (showsText) {
      new TextReport(out).write(measurement);
    }
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  /** 0 if every run has measured something and found no fault, else 1. */
  int exitCode() {
    boolean sound = measurements.stream().allMatch(measurement -> measurement.result().isSound());
    return sound ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void close() throws IOException {
    if (showsText && !comparisons.isEmpty()) {
      new TextReport(out).write(comparisons);
    }
    if (!showsText) {
      JsonReport.write(out, settings, measurements, comparisons);
    }
    if (file != null) {
      JsonReport.write(file, settings, measurements, comparisons);
      file.close();
    }
    if (page != null) {
      HtmlReport.write(page, settings, measurements, comparisons);
      page.close();
    }
  }
}
