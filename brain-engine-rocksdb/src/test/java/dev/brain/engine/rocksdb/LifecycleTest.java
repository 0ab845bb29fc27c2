// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.Cursor;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing native is left behind, and nothing native is used after its end. */
class LifecycleTest {
  private static final int TIMES = 200;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path temporary;

  @Test
  void close_manyTimes_leavesNoFileOpenAndLosesNothing() {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not list open files");
    Path directory = temporary.resolve("data");
    use(directory, 1);
    int before = openFiles(directory);

    for (int number = 2; number <= TIMES; number++) {
      use(directory, number);
    }
    assertThat(before).isZero();
    assertThat(openFiles(directory)).isZero();
    try (Engine engine = open(directory)) {
      assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(TIMES));
    }
  }

  /** Leaves open whatever the engine has to end itself. */
  private static void use(Path directory, int number) {
    try (Engine engine = open(directory)) {
      engine.commit(Workload.batch(number, Durability.SYNCED));
      Snapshot snapshot = engine.snapshot();
      Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
      assertThat(cursor.next()).isTrue();
      assertThat(engine.snapshot().get(Space.META, new byte[0])).isNull();
    }
  }

  private static int openFiles(Path directory) {
    int open = 0;
    for (String descriptor : names()) {
      try {
        if (Files.readSymbolicLink(DESCRIPTORS.resolve(descriptor)).startsWith(directory)) {
          open++;
        }
      } catch (IOException _) {
        // Closed since it was listed.
      }
    }
    return open;
  }

  private static String[] names() {
    String[] names = DESCRIPTORS.toFile().list();
    return names == null ? new String[0] : names;
  }

  @Test
  void close_duringReclaim_stopsIt() throws Exception {
    Engine engine = open(temporary.resolve("data"));
    for (int number = 1; number <= 5_000; number++) {
      engine.commit(Workload.batch(number, Durability.BUFFERED));
    }
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> end =
          executor.submit(
              () -> {
                while (true) {
                  engine.reclaim();
                }
              });
      await().until(() -> engine.usage().totalBytes() > 0);
      engine.close();
      assertThatThrownBy(end::get).hasCauseInstanceOf(EngineException.Closed.class);
    }
  }

  private static Engine open(Path directory) {
    return new RocksEngineFactory().open(new EngineSettings(directory, Map.of()));
  }
}
