// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is closed says so, whatever is asked of it and in whatever order things were closed. */
interface CloseContract extends ContractFixture {

  @Test
  default void close_again_doesNothing() {
    engine().commit(put(Space.HEAD, "a", "1"));
    Snapshot snapshot = engine().snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);

    for (AutoCloseable closeable : List.of(cursor, snapshot, engine())) {
      assertClosesTwice(closeable);
    }
  }

  @Test
  default void close_inTheWrongOrder_doesNoHarm() {
    engine().commit(put(Space.HEAD, "a", "1"));
    Snapshot snapshot = engine().snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
    assertThat(cursor.next()).isTrue();

    for (AutoCloseable closeable : List.of(engine(), snapshot, cursor)) {
      assertClosesTwice(closeable);
    }
  }

  @Test
  default void engine_afterClose_refusesEveryCall() {
    Engine engine = engine();
    engine.close();

    assertClosed(engine::snapshot);
    assertClosed(() -> engine.get(Space.HEAD, bytes("a")));
    assertClosed(() -> engine.commit(put(Space.HEAD, "a", "1")));
    assertClosed(() -> engine.commit(new WriteBatch()));
    assertClosed(() -> engine.splits(Space.HEAD, KeyRange.all(), 2));
    assertClosed(engine::usage);
    assertClosed(engine::reclaim);
    assertClosed(() -> engine.checkpoint(directory().resolve("copy")));
    if (survivesReopen()) {
      assertThat(all(reopen(), Space.HEAD)).isEmpty();
    }
  }

  @Test
  default void snapshot_afterClose_refusesEveryCall() {
    Snapshot snapshot = engine().snapshot();
    snapshot.close();

    assertRefuses(snapshot);
  }

  @Test
  default void snapshot_afterTheEngineClosed_refusesEveryCall() {
    engine().commit(put(Space.HEAD, "a", "1"));
    Snapshot snapshot = engine().snapshot();
    engine().close();

    assertRefuses(snapshot);
    snapshot.close();
  }

  @Test
  default void cursor_afterClose_refusesEveryCall() {
    engine().commit(put(Space.HEAD, "a", "1"));
    try (Snapshot snapshot = engine().snapshot()) {
      Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
      assertThat(cursor.next()).isTrue();
      cursor.close();

      assertRefuses(cursor);
    }
  }

  @Test
  default void cursor_afterItsSnapshotClosed_refusesEveryCall() {
    engine().commit(put(Space.HEAD, "a", "1"));
    Snapshot snapshot = engine().snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
    assertThat(cursor.next()).isTrue();
    snapshot.close();

    assertRefuses(cursor);
    cursor.close();
  }

  @Test
  default void cursor_afterTheEngineClosed_refusesEveryCall() {
    engine().commit(put(Space.HEAD, "a", "1"));
    Snapshot snapshot = engine().snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.BACKWARD);
    assertThat(cursor.next()).isTrue();
    engine().close();

    assertRefuses(cursor);
    cursor.close();
    snapshot.close();
  }

  private static void assertRefuses(Snapshot snapshot) {
    assertClosed(() -> snapshot.get(Space.HEAD, bytes("a")));
    assertClosed(() -> snapshot.multiGet(Space.HEAD, List.of(bytes("a"))));
    assertClosed(() -> snapshot.multiGet(Space.HEAD, List.of()));
    assertClosed(() -> snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD).close());
  }

  private static void assertRefuses(Cursor cursor) {
    assertClosed(cursor::next);
    assertClosed(cursor::key);
    assertClosed(cursor::value);
    assertClosed(() -> cursor.value(new byte[1]));
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(EngineException.Closed.class);
  }

  private static void assertClosesTwice(AutoCloseable closeable) {
    try {
      closeable.close();
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError("closing again must do nothing", e);
    }
  }
}
