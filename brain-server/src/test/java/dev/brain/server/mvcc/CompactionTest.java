// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ReadKind;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Txn;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Compaction: its limits, what it leaves, and that it goes on after faults. */
final class CompactionTest {
  private final MemoryStorage storage = new MemoryStorage();
  private FaultyEngine engine = new FaultyEngine(storage.open());
  private StoreFixture fixture = new StoreFixture(engine);

  @AfterEach
  void close() {
    fixture.close();
    engine.close();
  }

  private void reopen() {
    close();
    engine = new FaultyEngine(storage.open());
    fixture = new StoreFixture(engine);
  }

  private int rows(Space space) {
    int rows = 0;
    try (Snapshot snapshot = engine.snapshot();
        Cursor cursor = snapshot.scan(space, KeyRange.all(), ScanOptions.KEYS)) {
      while (cursor.next()) {
        rows++;
      }
    }
    return rows;
  }

  private Failure failureOf(long revision) {
    return fixture.startCompact(revision, false).failure();
  }

  private Failure failureOfTxnRange(long revision) {
    RangeQuery query = RangeQuery.newest(KeyRange.single(StoreFixture.bytes("a")));
    Op range = new Op.Range(query.atRevision(revision));
    Op put = Op.Put.of(StoreFixture.key("z"), StoreFixture.bytes(""), 0);
    Waiting<?> write = fixture.start(new Txn(List.of(), List.of(range, put), List.of()));
    Failure failure = write.failure();
    try {
      fixture.store.read(Txn.of(range), ReadMeter.UNLIMITED);
      throw new AssertionError("the read was answered");
    } catch (FailureException e) {
      assertThat(e.failure()).isEqualTo(failure);
    }
    return failure;
  }

  @Test
  void compact_zero_onceInAStoresLife() throws FailureException {
    assertThat(failureOf(-1)).isEqualTo(new Failure.Compacted(0));
    fixture.put("a", "1");
    fixture.compact(0);
    assertThat(failureOf(0)).isEqualTo(new Failure.Compacted(0));
    reopen();
    assertThat(fixture.store.compactRevision()).isZero();
    assertThat(failureOf(0)).isEqualTo(new Failure.Compacted(0));
    assertThat(failureOf(3)).isEqualTo(new Failure.FutureRevision());
    fixture.compact(1);
    assertThat(failureOf(1)).isEqualTo(new Failure.Compacted(1));
  }

  @Test
  void negativeRevision_inATxn_isOldOnceAnythingWasCompacted() throws FailureException {
    fixture.put("a", "1");
    RangeQuery query = RangeQuery.newest(KeyRange.single(StoreFixture.bytes("a")));
    fixture.store.read(Txn.of(new Op.Range(query.atRevision(-1))), ReadMeter.UNLIMITED);
    assertThat(failureOfTxnRange(-2)).isEqualTo(new Failure.Compacted(0));
    fixture.compact(0);
    assertThat(failureOfTxnRange(-1)).isEqualTo(new Failure.Compacted(0));
    assertThat(failureOfTxnRange(3)).isEqualTo(new Failure.FutureRevision());
    fixture.compact(2);
    assertThat(failureOfTxnRange(1)).isEqualTo(new Failure.Compacted(2));
    assertThat(fixture.store.range(query.atRevision(-5)).count()).isEqualTo(1);
  }

  @Test
  void compact_leavesWhatIsReadableAndNothingElse() throws FailureException {
    for (int i = 0; i < 5_000; i++) {
      fixture.put("k" + i % 100, "" + i);
    }
    for (int i = 0; i < 50; i++) {
      fixture.delete("k" + i);
    }
    long last = fixture.put("z", "");
    fixture.compact(last);
    assertThat(rows(Space.HEAD)).isEqualTo(51);
    assertThat(rows(Space.HISTORY)).isZero();
    assertThat(rows(Space.LOG)).isEqualTo(1);
    assertThat(fixture.all(0).count()).isEqualTo(51);
    reopen();
    assertThat(fixture.all(0).count()).isEqualTo(51);
    assertThat(fixture.all(0).revision()).isEqualTo(last);
  }

  @Test
  void compact_tombstoneOfAKeyThatLivesAgain_isKept() throws FailureException {
    fixture.put("a", "1");
    fixture.delete("a");
    long again = fixture.put("a", "2");
    fixture.compact(again);
    assertThat(fixture.get("a").keyValues().getFirst().row().createRevision()).isEqualTo(again);
    assertThat(rows(Space.HISTORY)).as("the tombstone, named by the log at 4").isEqualTo(1);
    fixture.compact(fixture.put("b", ""));
    assertThat(rows(Space.HISTORY)).isZero();
  }

  @Test
  void compact_unknownBite_isSettled_whenTheEngineRefusesMeanwhile() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    engine.refuseWhileUnknown(true);
    engine.nextCommit(CommitPlan.passed());
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(2));
    fixture.compact(3);
    assertThat(rows(Space.HISTORY)).isEqualTo(1);
    assertThat(rows(Space.LOG)).isEqualTo(1);
    assertThat(fixture.put("a", "3")).isEqualTo(4);
  }

  @Test
  void compact_damagedRow_isTriedAgain() throws FailureException {
    fixture.put("a", "1");
    fixture.delete("a");
    fixture.put("b", "1");
    engine.nextRead(ReadKind.NEXT, new EngineException.Corrupted("planned: block 7", null));
    fixture.compact(4);
    assertThat(rows(Space.HEAD)).isEqualTo(1);
  }

  @Test
  void compact_refusedPurge_isTriedAgain() throws FailureException {
    fixture.put("a", "1");
    fixture.delete("a");
    fixture.put("b", "1");
    engine.nextCommit(CommitPlan.passed());
    engine.nextCommit(CommitPlan.refused());
    Waiting<Long> compacted = fixture.startCompact(4, true);
    compacted.await();
    assertThat(rows(Space.HEAD)).isEqualTo(1);
    assertThat(fixture.put("a", "2")).isEqualTo(5);
    assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(1);
  }

  @Test
  void close_whileAPhysicalCompactionWaits_doesNotSayThatItIsDone() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    engine.nextCommit(CommitPlan.passed());
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(Integer.MAX_VALUE));
    Waiting<Long> compacted = fixture.startCompact(3, true);
    await().until(() -> engine.unsettledCount() == 1);
    fixture.close();
    assertThat(compacted.failure()).isEqualTo(new Failure.OutcomeUnknown());
    reopen();
    await().until(() -> rows(Space.LOG) == 1);
    assertThat(fixture.store.compactRevision()).isEqualTo(3);
  }

  @Test
  void physical_waitsForItsOwnRevision() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    fixture.put("a", "3");
    engine.nextCommit(CommitPlan.passed());
    CommitPlan firstBite = engine.nextCommit(CommitPlan.passed().heldBefore());
    Waiting<Long> first = fixture.startCompact(3, true);
    firstBite.awaitArrival();
    engine.nextCommit(CommitPlan.passed());
    CommitPlan secondBite = engine.nextCommit(CommitPlan.passed().heldBefore());
    Waiting<Long> second = fixture.startCompact(4, true);
    firstBite.release();
    first.await();
    secondBite.awaitArrival();
    assertThat(second.isDone()).isFalse();
    secondBite.release();
    second.await();
  }
}
