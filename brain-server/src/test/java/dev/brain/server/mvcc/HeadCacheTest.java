// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the cache of heads keeps, seen by what the engine is asked. */
final class HeadCacheTest {
  private final TallyEngine engine = new TallyEngine(new MemoryStorage().open());

  @AfterEach
  void close() {
    engine.close();
  }

  private static Key key(int number) {
    return StoreFixture.key("key" + number);
  }

  private void store(Key key, Row row) {
    WriteBatch batch = new WriteBatch();
    batch.put(Space.HEAD, key.bytes(), row.bytes());
    engine.commit(batch);
  }

  private static Row row(int number) {
    return Row.live(2, 2 + number, 1, 0, new byte[100]);
  }

  /** What a write does with a head. */
  private static void write(HeadCache heads, Key key, Row row) {
    Head head = heads.pin(key);
    heads.load(head);
    heads.assign(head, row);
    heads.unpin(head);
  }

  @Test
  void unpin_createdKey_isNotKept() {
    HeadCache heads = new HeadCache(engine, 1 << 20);

    write(heads, key(1), row(1));

    assertThat(heads.bytes()).isZero();
  }

  @Test
  void unpin_updatedKey_isKeptWithItsNewRow() {
    HeadCache heads = new HeadCache(engine, 1 << 20);
    store(key(1), row(1));
    write(heads, key(1), row(2));
    engine.takeRowsRead();

    Row read = heads.read(key(1));

    assertThat(read).isNotNull().extracting(Row::modRevision).isEqualTo(4L);
    assertThat(engine.takeRowsRead()).isZero();
  }

  @Test
  void unpin_headPinnedTwice_isKeptUntilTheLastPinIsGone() {
    HeadCache heads = new HeadCache(engine, 1 << 20);
    Head head = heads.pin(key(1));
    heads.load(head);
    heads.assign(head, row(1));
    heads.pinAgain(head);
    heads.unpin(head);

    assertThat(heads.pin(key(1))).isSameAs(head);

    heads.unpin(head);
    heads.unpin(head);
    assertThat(heads.bytes()).isZero();
    assertThat(heads.pin(key(1))).isNotSameAs(head);
  }

  @Test
  void read_fullCache_keepsMostOfWhatItHolds() {
    HeadCache heads = new HeadCache(engine, 10_000);
    for (int number = 0; number < 1_000; number++) {
      store(key(number), row(number));
    }
    int held = 0;
    while (heads.bytes() < 9_000) {
      heads.read(key(held++));
    }
    for (int number = held; number < 200; number++) {
      assertThat(heads.read(key(number))).isNotNull();
    }
    engine.takeRowsRead();

    for (int number = 0; number < held; number++) {
      heads.read(key(number));
    }

    assertThat(engine.takeRowsRead()).isLessThan(held / 2);
    assertThat(heads.bytes()).isBetween(9_000L, 11_000L);
  }
}
