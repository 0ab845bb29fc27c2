// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException.Corrupted;
import dev.brain.engine.EngineException.InvalidSettings;
import dev.brain.engine.EngineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories are opened, and which are refused untouched. */
class DataDirectoryTest {
  @TempDir Path temporary;

  @Test
  void open_newDirectory_isMadeForItsOwnerAlone() throws IOException {
    Path directory = temporary.resolve("above").resolve("data");
    open(directory).close();

    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("lock", "high-water", "rocksdb");
  }

  @Test
  void open_directoryOpenToOthers_isRefusedUnlessAllowed() throws IOException {
    Path directory = temporary.resolve("data");
    open(directory).close();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));

    assertThatThrownBy(() -> open(directory).close())
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            directory
                + ": permissions rwxr-x--- (expected: rwx------, or allow-open-permissions=true)");
    open(directory, Map.of("allow-open-permissions", "true")).close();
  }

  @Test
  void open_directoryOfSomebodyElse_isRefusedUntouched() throws IOException {
    Path directory = temporary.resolve("data");
    open(directory).close();
    Path foreign = temporary.resolve("foreign");
    DurableFiles.createDirectory(foreign);
    Files.writeString(foreign.resolve("notes.txt"), "mine");

    assertThatThrownBy(() -> open(foreign).close())
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            foreign + ": holds notes.txt (expected: an empty directory, or one that Brain made)");
    assertThat(foreign.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void open_emptyMountPoint_isTaken() throws IOException {
    Path directory = temporary.resolve("data");
    DurableFiles.createDirectory(directory);
    Files.createDirectory(directory.resolve("lost+found"));

    open(directory).close();
    open(directory).close();
  }

  @Test
  void open_file_isRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");

    assertThatThrownBy(() -> open(file).close())
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(file + ": a file (expected: a directory)");
  }

  @Test
  void open_directoryInUseByThisProcess_isRefused() {
    Path directory = temporary.resolve("data");
    try (Engine first = open(directory)) {
      first.commit(Workload.batch(1, Durability.SYNCED));

      assertThatThrownBy(() -> open(directory).close())
          .isInstanceOf(InvalidSettings.class)
          .hasMessage(
              directory
                  + ": in use by another engine of this process"
                  + " (expected: a directory of its own)");
      first.commit(Workload.batch(2, Durability.SYNCED));
      assertThat(Workload.read(first)).isEqualTo(Workload.stateAfter(2));
    }
    open(directory).close();
  }

  @Test
  void open_newerFormat_isRefused() throws IOException {
    Path directory = temporary.resolve("data");
    open(directory).close();
    HighWaterTest.raiseFormat(directory.resolve("high-water"));

    for (Map<String, String> options :
        List.of(Map.<String, String>of(), Map.of("accept-data-loss", "true"))) {
      assertThatThrownBy(() -> open(directory, options).close())
          .isInstanceOf(Corrupted.class)
          .hasMessage(
              directory + ": written in format 2 by a newer version (expected: at most format 1)");
    }
  }

  /** A directory is made in steps; after each of them the process may die. */
  @Test
  void open_halfMadeDirectory_isMadeAgainOrFinished() throws IOException {
    Path directory = temporary.resolve("data");
    open(directory).close();
    Path rocksdb = directory.resolve("rocksdb");
    Path unfinished = directory.resolve("rocksdb.new");

    Files.move(rocksdb, unfinished); // both are made, but for the name
    open(directory).close();
    Files.move(rocksdb, unfinished); // the database is made only
    Files.delete(directory.resolve("high-water"));
    open(directory).close();
    Files.move(rocksdb, unfinished); // a part of the database is made only
    Files.delete(unfinished.resolve("CURRENT"));
    Files.move(directory.resolve("high-water"), directory.resolve("high-water.new"));
    open(directory).close();

    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("lock", "high-water", "rocksdb");
  }

  @Test
  void open_databaseMissing_isRefused() throws IOException {
    Path directory = temporary.resolve("data");
    try (Engine engine = open(directory)) {
      engine.commit(Workload.batch(1, Durability.SYNCED));
    }
    Files.move(directory.resolve("rocksdb"), directory.resolve("rocksdb.new"));

    assertThatThrownBy(() -> open(directory).close())
        .isInstanceOf(Corrupted.class)
        .hasMessage(directory.resolve("rocksdb") + ": missing (expected: the database)");
  }

  private static String permissions(Path directory) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
  }

  private static Engine open(Path directory) {
    return open(directory, Map.of());
  }

  private static Engine open(Path directory, Map<String, String> options) {
    return new RocksEngineFactory().open(new EngineSettings(directory, options));
  }
}
