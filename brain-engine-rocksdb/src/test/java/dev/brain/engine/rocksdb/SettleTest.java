// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.Unknown;
import dev.brain.engine.Cursor;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on and what does not while a commit is in doubt, and how the doubt ends. */
class SettleTest {
  private final FailingJournal journal = new FailingJournal();

  @TempDir Path temporary;
  private Path directory;
  private Engine engine;

  @BeforeEach
  void open() {
    directory = temporary.resolve("data");
    engine = new RocksEngineFactory(journal).open(new EngineSettings(directory, Map.of()));
    assertThat(engine.commit(Workload.batch(1, Durability.SYNCED))).isInstanceOf(Committed.class);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void commit_inDoubt_readsGoOnAndCommitsAreRefused() {
    Unknown unknown = fail(2, false);

    assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(1));
    assertThatThrownBy(() -> engine.commit(Workload.batch(3, Durability.SYNCED)))
        .isInstanceOf(EngineException.Unavailable.class);
    assertThat(engine.settle(unknown)).isEqualTo(Fate.NOT_COMMITTED);
    assertThat(engine.commit(Workload.batch(2, Durability.SYNCED))).isInstanceOf(Committed.class);
    assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(2));
  }

  @Test
  void settle_openSnapshotAndCursor_endWithUnavailable() {
    Snapshot snapshot = engine.snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
    assertThat(cursor.next()).isTrue();
    Unknown unknown = fail(2, true);
    assertThat(cursor.value()).isNotEmpty();

    assertThat(engine.settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThatThrownBy(cursor::next).isInstanceOf(EngineException.Unavailable.class);
    assertThatThrownBy(() -> snapshot.get(Space.HEAD, new byte[0]))
        .isInstanceOf(EngineException.Unavailable.class);
    cursor.close();
    snapshot.close();
    assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(2));
  }

  @Test
  void settle_diskTakesNoWrites_isStillUnknownAndReadsGoOn() throws IOException {
    Unknown unknown = fail(2, false);
    Path inTheWay = directory.resolve("probe.new");
    Files.createDirectories(inTheWay.resolve("not empty"));
    try (Snapshot snapshot = engine.snapshot()) {
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(engine.settle(unknown)).isEqualTo(Fate.STILL_UNKNOWN);
      }
      assertThat(snapshot.get(Space.META, new byte[0])).isNull();
    }
    assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(1));

    DurableFiles.deleteTree(inTheWay);
    assertThat(engine.settle(unknown)).isEqualTo(Fate.NOT_COMMITTED);
  }

  /** The claim that data is missing must not be lost by asking again. */
  @Test
  void settle_dataMissing_isCorruptedUntilItIsBack() throws IOException {
    Unknown unknown = fail(2, true);
    Path current = directory.resolve("rocksdb").resolve("CURRENT");
    Path aside = temporary.resolve("CURRENT");
    Files.move(current, aside);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> engine.settle(unknown))
          .isInstanceOf(EngineException.Corrupted.class);
      assertThatThrownBy(() -> engine.get(Space.META, new byte[0]))
          .isInstanceOf(EngineException.Unavailable.class);
      assertThatThrownBy(() -> engine.commit(Workload.batch(3, Durability.SYNCED)))
          .isInstanceOf(EngineException.Unavailable.class);
    }

    Files.move(aside, current);
    assertThat(engine.settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThat(Workload.read(engine)).isEqualTo(Workload.stateAfter(2));
  }

  @Test
  void settle_outcomeOfAnotherEngine_isRefused() {
    Unknown unknown = fail(2, false);
    EngineSettings settings = new EngineSettings(temporary.resolve("other"), Map.of());
    try (Engine other = new RocksEngineFactory().open(settings)) {
      assertThatThrownBy(() -> other.settle(unknown)).isInstanceOf(IllegalArgumentException.class);
    }
    Unknown foreign = new Unknown("token", new IOException());
    assertThatThrownBy(() -> engine.settle(foreign)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void commit_always_syncsAsAsked() {
    List<Boolean> syncs = new ArrayList<>();
    RocksEngineFactory factory =
        new RocksEngineFactory(
            (database, options, batch) -> {
              syncs.add(options.sync());
              database.write(options, batch);
            });
    EngineSettings settings = new EngineSettings(temporary.resolve("other"), Map.of());
    try (Engine other = factory.open(settings)) {
      other.commit(Workload.batch(1, Durability.SYNCED));
      other.commit(Workload.batch(2, Durability.BUFFERED));
      other.commit(Workload.batch(3, Durability.SYNCED));
    }

    assertThat(syncs).containsExactly(true, false, true);
  }

  private Unknown fail(int number, boolean written) {
    journal.failNext(written);
    return (Unknown) engine.commit(Workload.batch(number, Durability.SYNCED));
  }
}
