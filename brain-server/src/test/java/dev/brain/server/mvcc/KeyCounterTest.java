// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of the key space a count reads. */
final class KeyCounterTest {
  private static final int KEYS = 1_000;
  private static final int PARTITION = CountBounds.DEFAULT.partitionKeys();

  private final TallyEngine engine = new TallyEngine(new MemoryStorage().open());
  private final StoreFixture fixture = new StoreFixture(engine);

  @AfterEach
  void close() {
    fixture.close();
    engine.close();
  }

  private void fill() throws FailureException {
    for (int i = 0; i < KEYS; i++) {
      fixture.put("k%04d".formatted(i), "value");
    }
    engine.takeHeadsRead();
  }

  private long count(KeyRange range, long revision) throws FailureException {
    return fixture.store.range(StoreFixture.count(range, revision)).count();
  }

  private long countAll() throws FailureException {
    return count(KeyRange.all(), 0);
  }

  @Test
  void count_readsTheKeysOnce() throws FailureException {
    fill();
    assertThat(countAll()).isEqualTo(KEYS);
    assertThat(engine.takeHeadsRead()).isEqualTo(KEYS);
    fixture.put("k0500x", "created");
    fixture.put("k0500", "updated");
    fixture.delete("k0000");
    fixture.delete("k0999");
    assertThat(countAll()).isEqualTo(KEYS - 1);
    assertThat(count(KeyRange.all(), KEYS + 1)).as("before that").isEqualTo(KEYS);
    assertThat(engine.takeHeadsRead()).isZero();
  }

  @Test
  void count_ofAPart_readsTheBorders() throws FailureException {
    fill();
    countAll();
    engine.takeHeadsRead();
    assertThat(count(new KeyRange(bytes("k0100"), bytes("k0900")), 0)).isEqualTo(800);
    assertThat(engine.takeHeadsRead()).isLessThanOrEqualTo(2L * PARTITION);
  }

  @Test
  void page_readsItsRowsAndTheBorder() throws FailureException {
    fill();
    countAll();
    engine.takeHeadsRead();
    RangeResult page =
        fixture.store.range(RangeQuery.newest(KeyRange.from(bytes("k0100"))).withLimit(50));
    assertThat(page.keyValues()).hasSize(50);
    assertThat(page.more()).isTrue();
    assertThat(page.count()).isEqualTo(900);
    assertThat(engine.takeHeadsRead()).isLessThanOrEqualTo(51L + PARTITION);
  }

  @Test
  void pageOfTheStore_countsNothing() throws FailureException {
    fill();
    fixture.store.page(RangeQuery.newest(KeyRange.all()).withLimit(50));
    assertThat(engine.takeHeadsRead()).isEqualTo(51);
  }

  @Test
  void partitionThatHasGrown_isReadOnceAgain() throws FailureException {
    fill();
    countAll();
    for (int i = 0; i < KEYS; i++) {
      fixture.put("k0500/%04d".formatted(i), "value");
    }
    KeyRange behind = KeyRange.from(bytes("k0500/0100"));
    engine.takeHeadsRead();
    assertThat(count(behind, 0)).isEqualTo(900 + 499);
    assertThat(engine.takeHeadsRead()).isBetween(900L, 900L + PARTITION);
    assertThat(count(KeyRange.from(bytes("k0500/0110")), 0)).isEqualTo(890 + 499);
    assertThat(engine.takeHeadsRead()).isLessThanOrEqualTo(PARTITION);
    assertThat(countAll()).isEqualTo(2 * KEYS);
  }

  @Test
  void open_readsNoKeys() throws FailureException {
    fill();
    fixture.store.close();
    try (Store reopened = Store.open(engine, StoreConfig.DEFAULT, new Random(1))) {
      assertThat(reopened.revision()).isEqualTo(KEYS + 1);
      assertThat(engine.takeHeadsRead()).isZero();
    }
  }
}
