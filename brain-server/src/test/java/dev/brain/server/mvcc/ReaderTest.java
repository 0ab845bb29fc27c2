// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Txn;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads of the newest revision, while a compaction overtakes it. */
final class ReaderTest {
  private static final RangeQuery A = RangeQuery.newest(KeyRange.single(StoreFixture.bytes("a")));

  private final HookedEngine engine = new HookedEngine(new MemoryStorage().open());
  private final StoreFixture fixture =
      new StoreFixture(engine, new StoreConfig(0, 100, 1L << 20, 1L << 20, CountBounds.DEFAULT));

  @AfterEach
  void close() {
    fixture.close();
    engine.close();
  }

  /** Deletes the key and compacts everything behind that. */
  private void overtake() {
    engine.beforeSnapshot = () -> {};
    engine.beforeGet = () -> {};
    try {
      fixture.delete("a");
      fixture.compact(fixture.put("b", "1"));
    } catch (FailureException e) {
      throw new AssertionError(e);
    }
  }

  private <T> T overtaken(Callable<T> read) throws Exception {
    fixture.put("a", "1");
    engine.beforeSnapshot = this::overtake;
    return read.call();
  }

  @Test
  void range_overtaken_readsTheNewer() throws Exception {
    RangeResult result = overtaken(() -> fixture.store.range(A));
    assertThat(result.revision()).isEqualTo(4);
    assertThat(result.count()).isZero();
  }

  @Test
  void txn_overtaken_readsTheNewer() throws Exception {
    assertThat(
            overtaken(() -> fixture.store.read(Txn.of(new Op.Range(A)), ReadMeter.UNLIMITED))
                .revision())
        .isEqualTo(4);
  }

  @Test
  void hash_overtaken_hashesTheNewer() throws Exception {
    assertThat(overtaken(() -> fixture.store.hash(0)).hashRevision()).isEqualTo(4);
  }

  private Reader reader(HeadCache heads, CountIndex counts, long compactRevision) {
    return new Reader(
        engine, heads, counts, () -> 5, Compaction.own(() -> compactRevision), () -> true);
  }

  @Test
  void point_absentKey_compactionPassedTheWatermark_isNotAnswered() throws FailureException {
    HeadCache heads = new HeadCache(engine, 0);
    CountIndex counts = new CountIndex(5, CountBounds.DEFAULT);
    assertThat(reader(heads, counts, 6).point(A)).isNull();
    RangeResult result = reader(heads, counts, 5).point(A);
    assertThat(result).isEqualTo(new RangeResult(5, List.of(), false, 0));
  }
}
