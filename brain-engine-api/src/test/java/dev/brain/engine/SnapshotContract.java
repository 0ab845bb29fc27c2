// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.scan;
import static dev.brain.engine.Rows.text;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot shows what was committed when it was opened, and nothing else, until it is closed. */
interface SnapshotContract extends ContractFixture {

  @Test
  default void snapshot_laterPutsAndDeletes_areNotSeen() {
    engine().commit(put(Space.HEAD, "a", "1").put(Space.HEAD, bytes("b"), bytes("1")));
    try (Snapshot snapshot = engine().snapshot()) {
      engine().commit(put(Space.HEAD, "a", "2").put(Space.HEAD, bytes("c"), bytes("2")));
      engine().commit(new WriteBatch().delete(Space.HEAD, bytes("b")));

      assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.FORWARD))
          .containsExactly("a=1", "b=1");
      assertThat(textOrNull(snapshot.get(Space.HEAD, bytes("b")))).isEqualTo("1");
      assertThat(textOrNull(snapshot.multiGet(Space.HEAD, List.of(bytes("a"))).getFirst()))
          .isEqualTo("1");
    }
    assertThat(all(engine(), Space.HEAD)).containsExactly("a=2", "c=2");
  }

  @Test
  default void snapshot_laterRangeDelete_isNotSeen() {
    engine().commit(put(Space.HEAD, "a", "1").put(Space.LOG, bytes("b"), bytes("1")));
    try (Snapshot snapshot = engine().snapshot()) {
      engine()
          .commit(
              new WriteBatch()
                  .deleteRange(Space.HEAD, KeyRange.all())
                  .deleteRange(Space.LOG, KeyRange.prefix(bytes("b"))));
      engine().reclaim();

      assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.BACKWARD))
          .containsExactly("a=1");
      assertThat(textOrNull(snapshot.get(Space.LOG, bytes("b")))).isEqualTo("1");
    }
    assertThat(all(engine(), Space.HEAD)).isEmpty();
  }

  @Test
  default void snapshots_ofDifferentMoments_eachShowTheirOwn() {
    List<Snapshot> snapshots = new ArrayList<>();
    for (int moment = 0; moment < 20; moment++) {
      snapshots.add(engine().snapshot());
      engine().commit(put(Space.META, "key", "" + moment));
    }

    for (int moment = 19; moment > 0; moment--) {
      try (Snapshot snapshot = snapshots.get(moment)) {
        assertThat(textOrNull(snapshot.get(Space.META, bytes("key")))).isEqualTo("" + (moment - 1));
      }
    }
    try (Snapshot first = snapshots.getFirst()) {
      assertThat(first.get(Space.META, bytes("key"))).isNull();
    }
  }

  @Test
  default void cursor_commitsDuringTheWalk_areNotSeen() {
    int rows = 500;
    WriteBatch batch = new WriteBatch();
    for (int row = 0; row < rows; row++) {
      batch.put(Space.HEAD, bytes("%03d".formatted(row)), bytes("old"));
    }
    engine().commit(batch);

    int seen = 0;
    try (Snapshot snapshot = engine().snapshot();
        Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
      while (cursor.next()) {
        assertThat(text(cursor.key())).isEqualTo("%03d".formatted(seen));
        assertThat(text(cursor.value())).isEqualTo("old");
        if (seen == 10) {
          engine()
              .commit(
                  put(Space.HEAD, "100", "new")
                      .put(Space.HEAD, bytes("011+"), bytes("new"))
                      .deleteRange(Space.HEAD, KeyRange.from(bytes("2"))));
        }
        seen++;
      }
    }
    assertThat(seen).isEqualTo(rows);
  }

  @Test
  default void snapshot_scanOpenedAfterLaterCommits_isOfTheSnapshot() {
    engine().commit(put(Space.HEAD, "a", "1"));
    try (Snapshot snapshot = engine().snapshot()) {
      engine().commit(put(Space.HEAD, "a", "2"));
      try (Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
        engine().commit(put(Space.HEAD, "a", "3"));
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.value())).isEqualTo("1");
      }
    }
  }
}
