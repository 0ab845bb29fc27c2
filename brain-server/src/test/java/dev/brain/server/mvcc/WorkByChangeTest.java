// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Engine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** P11: opening and compaction do work in proportion to what changed, not to what is stored. */
final class WorkByChangeTest {
  private static final int KEYS = 5_000;

  private final MemoryStorage storage = new MemoryStorage();

  private void fill() throws FailureException {
    try (Engine engine = storage.open();
        StoreFixture fixture = new StoreFixture(engine)) {
      List<Waiting<?>> puts = new ArrayList<>();
      for (int number = 0; number < KEYS; number++) {
        puts.add(fixture.startPut("key" + number, "value"));
      }
      for (Waiting<?> put : puts) {
        put.await();
      }
      fixture.compact(fixture.store.revision());
    }
  }

  @Test
  void open_manyKeysNothingChangedLately_readsFewRows() throws FailureException {
    fill();

    try (TallyEngine engine = new TallyEngine(storage.open());
        StoreFixture fixture = new StoreFixture(engine)) {
      assertThat(engine.takeRowsRead()).isLessThan(100);
      assertThat(fixture.get("key17").count()).isEqualTo(1);
    }
  }

  @Test
  void compact_fewKeysChangedOfMany_readsAboutAsManyRows() throws FailureException {
    fill();

    try (TallyEngine engine = new TallyEngine(storage.open());
        StoreFixture fixture = new StoreFixture(engine)) {
      for (int number = 0; number < 10; number++) {
        fixture.put("key" + number, "changed");
        fixture.delete("key" + (number + 100));
      }
      engine.takeRowsRead();
      fixture.compact(fixture.store.revision());

      assertThat(engine.takeRowsRead()).isBetween(1L, 200L);
      assertThat(fixture.store.range(StoreFixture.count()).count()).isEqualTo(KEYS - 10);
    }
  }
}
