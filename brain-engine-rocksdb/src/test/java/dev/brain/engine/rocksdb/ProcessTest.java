// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Space;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.util.Environment;

/** What needs a process of its own: to be killed, to run out of room, to hold a directory. */
@Timeout(120)
class ProcessTest {
  private static final String COMMITTED = "committed ";

  @TempDir Path temporary;

  @Test
  void open_afterKill_hasEveryAnsweredCommit() throws Exception {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("kill test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    Path directory = temporary.resolve("data");
    int present = 0;
    for (int round = 0; round < 4; round++) {
      int answered = commitsUntilKilled(directory, present + 1, 1 + random.nextInt(400));
      try (Engine engine = open(directory)) {
        present = number(engine);
        assertThat(present).isBetween(answered, answered + 1);
        assertThat(Workload.read(engine).equals(Workload.stateAfter(present))).isTrue();
      }
    }
  }

  /** The number of the last commit that was answered before the process was killed. */
  private static int commitsUntilKilled(Path directory, int first, int commits) throws Exception {
    Process process = Committer.start("", List.of(), directory, first, Integer.MAX_VALUE - 1);
    int answered = first - 1;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(COMMITTED)) {
          answered = Integer.parseInt(line.substring(COMMITTED.length()));
          if (answered == first + commits) {
            process.toHandle().destroyForcibly(); // which leaves the lines readable
          }
        }
      }
    }
    process.waitFor();
    assertThat(answered).isGreaterThanOrEqualTo(first + commits);
    return answered;
  }

  /** With a limit on the size of files a write fails for real, in the middle of a record. */
  @Test
  void commit_logCannotGrow_isSettledAndGoesOn() throws Exception {
    Path directory = temporary.resolve("data");
    int last = 3_000; // each 1,200 or so make a log of 1 MB
    // The limit is for the library too, if it has to be unpacked.
    List<String> library = List.of("-Djava.library.path=" + unpackLibrary());
    Process process = Committer.start("ulimit -f 768;", library, directory, 1, last);
    List<String> lines;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      lines = reader.lines().toList();
    }

    assertThat(process.waitFor()).as(() -> String.join("\n", lines)).isZero();
    assertThat(lines).anyMatch(line -> line.startsWith("NOT_COMMITTED "));
    try (Engine engine = open(directory)) {
      assertThat(number(engine)).isEqualTo(last);
      assertThat(Workload.read(engine).equals(Workload.stateAfter(last))).isTrue();
    }
  }

  /** Puts the native library where a distribution would have it. */
  private Path unpackLibrary() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("library"));
    String name = Environment.getJniLibraryFileName("rocksdb");
    try (InputStream library = Environment.class.getClassLoader().getResourceAsStream(name)) {
      assumeTrue(library != null, "the library of this system has another name: " + name);
      Files.copy(library, directory.resolve(name));
    }
    return directory;
  }

  @Test
  void open_directoryInUseByAnotherProcess_isRefused() throws Exception {
    Path directory = temporary.resolve("data");
    Process process = Committer.start("", List.of(), directory, 1, Integer.MAX_VALUE - 1);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("open");

      assertThatThrownBy(() -> open(directory).close())
          .isInstanceOf(EngineException.InvalidSettings.class)
          .hasMessage(directory + ": in use by another process (expected: a directory of its own)");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    open(directory).close();
  }

  private static Engine open(Path directory) {
    return new RocksEngineFactory().open(new EngineSettings(directory, Map.of()));
  }

  private static int number(Engine engine) {
    byte[] number = engine.get(Space.META, "number".getBytes(StandardCharsets.US_ASCII));
    return number == null ? 0 : Integer.parseInt(new String(number, StandardCharsets.US_ASCII));
  }
}
