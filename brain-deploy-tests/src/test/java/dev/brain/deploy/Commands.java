// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs of the machine. */
final class Commands {
  private Commands() {}

  /** Skips the test if a program is not installed. */
  static void require(String program) {
    String path = System.getenv("PATH");
    assumeTrue(
        path != null
            && Stream.of(path.split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))),
        program + " is not installed");
  }

  /** Runs a program that must end with 0; returns what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + printed).isZero();
    return printed;
  }
}
