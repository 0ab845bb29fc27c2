// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.workload.WorkloadException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is left of a measurement: its results, and the keys on the server. */
final class ResultOptions {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON; - for the standard output, instead of text.")
  @Nullable String json;

  @Option(
      names = "--keep",
      description = "Leave the keys on the server, to be found by the next command.")
  boolean keep;

  /** Whether people read the standard output. */
  boolean showsText() {
    return !STANDARD_OUTPUT.equals(json);
  }

  /**
   * Makes the file for JSON at once, so that a wrong name is found before hours of measuring; null
   * if there is to be none.
   */
  @Nullable Writer open() {
    return json == null || !showsText() ? null : open("--json", Path.of(json));
  }

  /** Makes a file that an option names. */
  static Writer open(String option, Path file) {
    try {
      return Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new WorkloadException(option + ": " + file + " cannot be written: " + e, e);
    }
  }
}
