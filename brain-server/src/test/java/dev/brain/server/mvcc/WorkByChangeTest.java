// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.ForwardingCursor;
import dev.brain.engine.ForwardingEngine;
import dev.brain.engine.ForwardingSnapshot;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** P11: opening and compaction do work in proportion to what changed, not to what is stored. */
final class WorkByChangeTest {
  private static final int KEYS = 5_000;

  private final MemoryStorage storage = new MemoryStorage();

  /** Counts the rows that are read. */
  private static final class CountingEngine extends ForwardingEngine {
    private final AtomicInteger reads = new AtomicInteger();

    CountingEngine(Engine delegate) {
      super(delegate);
    }

    int takeReads() {
      return reads.getAndSet(0);
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
      reads.incrementAndGet();
      return super.get(space, key);
    }

    @Override
    public Snapshot snapshot() {
      return new ForwardingSnapshot(super.snapshot()) {
        @Override
        public byte @Nullable [] get(Space space, byte[] key) {
          reads.incrementAndGet();
          return super.get(space, key);
        }

        @Override
        public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
          reads.addAndGet(keys.size());
          return super.multiGet(space, keys);
        }

        @Override
        public Cursor scan(Space space, KeyRange range, ScanOptions options) {
          return new ForwardingCursor(super.scan(space, range, options)) {
            @Override
            public boolean next() {
              reads.incrementAndGet();
              return super.next();
            }
          };
        }
      };
    }
  }

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

    try (CountingEngine engine = new CountingEngine(storage.open());
        StoreFixture fixture = new StoreFixture(engine)) {
      assertThat(engine.takeReads()).isLessThan(100);
      assertThat(fixture.get("key17").count()).isEqualTo(1);
    }
  }

  @Test
  void compact_fewKeysChangedOfMany_readsAboutAsManyRows() throws FailureException {
    fill();

    try (CountingEngine engine = new CountingEngine(storage.open());
        StoreFixture fixture = new StoreFixture(engine)) {
      for (int number = 0; number < 10; number++) {
        fixture.put("key" + number, "changed");
        fixture.delete("key" + (number + 100));
      }
      engine.takeReads();
      fixture.compact(fixture.store.revision());

      assertThat(engine.takeReads()).isBetween(1, 200);
      assertThat(fixture.store.range(StoreFixture.count()).count()).isEqualTo(KEYS - 10);
    }
  }
}
