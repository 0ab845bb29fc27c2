// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.report.Comparison;
import dev.brain.bench.report.JsonReport;
import dev.brain.bench.report.Measurement;
import dev.brain.bench.report.TextReport;
import dev.brain.bench.workload.WorkloadException;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Shows each run when it is done, and at the end, also an early one, the comparisons and, where
 * that is asked for, everything as JSON.
 */
final class Report implements Closeable {
  private static final String STANDARD_OUTPUT = "-";

  private final LoadOptions options;
  private final PrintWriter out;
  private final boolean showsText;

  /** Where JSON goes; null for nowhere, and for {@link #out} where no text is shown. */
  private final @Nullable Writer file;

  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  private Report(LoadOptions options, PrintWriter out, boolean showsText, @Nullable Writer file) {
    this.options = options;
    this.out = out;
    this.showsText = showsText;
    this.file = file;
  }

  /** Makes the file at once, so that a wrong name is found before hours of measuring. */
  static Report open(LoadOptions options, PrintWriter out) {
    if (options.json == null) {
      return new Report(options, out, /* showsText= */ true, null);
    }
    if (options.json.equals(STANDARD_OUTPUT)) {
      return new Report(options, out, /* showsText= */ false, null);
    }
    try {
      return new Report(
          options, out, /* showsText= */ true, Files.newBufferedWriter(Path.of(options.json)));
    } catch (IOException e) {
      throw new WorkloadException("--json: " + options.json + " cannot be written: " + e, e);
    }
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
      JsonReport.write(out, options.settings(), measurements, comparisons);
    }
    if (file != null) {
      JsonReport.write(file, options.settings(), measurements, comparisons);
      file.close();
    }
  }
}
