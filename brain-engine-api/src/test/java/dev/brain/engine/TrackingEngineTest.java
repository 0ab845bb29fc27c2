// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.memory.MemoryStorage;
import org.junit.jupiter.api.Test;

class TrackingEngineTest {
  private final TrackingEngine engine = new TrackingEngine(new MemoryStorage().open());

  @Test
  void assertAllClosed_everythingClosedOnce_passes() {
    try (Snapshot snapshot = engine.snapshot();
        Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD)) {
      assertThat(cursor.next()).isFalse();
      assertThat(engine.openCount()).isEqualTo(2);
    }
    engine.close();
    engine.close();

    assertThat(engine.openCount()).isZero();
    assertThatCode(engine::assertAllClosed).doesNotThrowAnyException();
  }

  @Test
  void assertAllClosed_openSnapshot_failsAndShowsWhereItWasOpened() {
    Snapshot snapshot = engine.snapshot();

    assertThatThrownBy(engine::assertAllClosed)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 snapshots and cursors are open")
        .satisfies(
            error ->
                assertThat(error.getSuppressed()[0].getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(getClass().getName())));
    snapshot.close();
  }

  @Test
  void assertAllClosed_openCursor_fails() {
    try (Snapshot snapshot = engine.snapshot()) {
      Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
      assertThat(engine.openCount()).isEqualTo(2);
      cursor.close();
      snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
    }

    assertThat(engine.openCount()).isOne();
    assertThatThrownBy(engine::assertAllClosed).isInstanceOf(AssertionError.class);
  }

  @Test
  void assertAllClosed_closedTwice_fails() {
    Snapshot snapshot = engine.snapshot();
    snapshot.close();
    snapshot.close();

    assertThatThrownBy(engine::assertAllClosed)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 closed wrongly");
  }

  @Test
  void assertAllClosed_snapshotClosedBeforeItsCursor_fails() {
    Snapshot snapshot = engine.snapshot();
    Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.FORWARD);
    snapshot.close();
    cursor.close();

    assertThatThrownBy(engine::assertAllClosed)
        .hasMessageContaining("0 snapshots and cursors are open, 1 closed wrongly");
  }

  @Test
  void assertAllClosed_engineClosedBeforeItsSnapshot_fails() {
    Snapshot snapshot = engine.snapshot();
    engine.close();
    snapshot.close();

    assertThatThrownBy(engine::assertAllClosed).hasMessageContaining("1 closed wrongly");
  }
}
