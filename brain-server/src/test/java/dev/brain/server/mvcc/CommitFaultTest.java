// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the store tells its clients, and what it holds, when commits go wrong one at a time. */
final class CommitFaultTest {
  private static final Failure UNKNOWN = new Failure.OutcomeUnknown();

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

  private CommitPlan held(CommitPlan plan) {
    return engine.nextCommit(plan.heldBefore());
  }

  private boolean exists(String key) throws FailureException {
    return fixture.get(key).count() == 1;
  }

  @Test
  void commit_inFlight_isNeitherAnsweredNorRead() throws FailureException {
    CommitPlan plan = held(CommitPlan.passed());
    Waiting<TxnResult> put = fixture.startPut("a", "1");
    plan.awaitArrival();
    Waiting<TxnResult> failedCompare = fixture.startCreate("a", "2");
    assertThat(put.isDone()).isFalse();
    assertThat(failedCompare.isDone()).isFalse();
    assertThat(exists("a")).isFalse();
    assertThat(fixture.all(0).count()).isZero();
    assertThat(fixture.store.revision()).isEqualTo(1);
    plan.release();
    assertThat(put.await().revision()).isEqualTo(2);
    assertThat(failedCompare.await().succeeded()).isFalse();
    assertThat(failedCompare.await().revision()).isEqualTo(2);
    assertThat(exists("a")).isTrue();
  }

  @Test
  void commit_appliedButNotReturned_isNotRead() throws FailureException {
    CommitPlan plan = engine.nextCommit(CommitPlan.passed().heldAfter());
    Waiting<TxnResult> put = fixture.startPut("a", "1");
    plan.awaitArrival();
    assertThat(exists("a")).isFalse();
    assertThat(fixture.all(0).count()).isZero();
    assertThat(put.isDone()).isFalse();
    plan.release();
    assertThat(put.await().revision()).isEqualTo(2);
  }

  @Test
  void refused_nothingOfItRemains() throws FailureException {
    fixture.put("a", "1");
    CommitPlan plan = held(CommitPlan.refused());
    Waiting<TxnResult> first = fixture.startPut("a", "2");
    plan.awaitArrival();
    Waiting<TxnResult> onTop = fixture.startPut("a", "3");
    Waiting<TxnResult> failedCompare = fixture.startCreate("a", "4");
    plan.release();
    assertThat(first.failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(onTop.failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(failedCompare.failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(fixture.get("a").keyValues().getFirst().row().value()).isEqualTo(bytes("1"));
    assertThat(fixture.put("a", "5")).as("revisions are not reused").isEqualTo(5);
    RangeResult got = fixture.get("a");
    assertThat(got.keyValues().getFirst().row().version()).isEqualTo(2);
    assertThat(got.revision()).isEqualTo(5);
    assertThat(fixture.all(4).keyValues().getFirst().row().value()).isEqualTo(bytes("1"));
  }

  @Test
  void refused_revisionIsNotShown_becauseARestartForgetsIt() throws FailureException {
    fixture.put("a", "1");
    engine.nextCommit(CommitPlan.refused());
    fixture.startPut("a", "2").failure();
    assertThat(fixture.store.revision()).isEqualTo(2);
    assertThat(fixture.get("a").revision()).isEqualTo(2);
    assertThat(fixture.startCreate("a", "3").await().revision()).isEqualTo(2);
    reopen();
    assertThat(fixture.store.revision()).isEqualTo(2);
  }

  @Test
  void refusedManyTimes_doesNotFillTheRing() throws FailureException {
    StoreConfig config = new StoreConfig(1L << 20, 30_000, 1L << 30, 8L << 20, CountBounds.DEFAULT);
    fixture.close();
    fixture = new StoreFixture(engine, config);
    for (int round = 0; round < 5; round++) {
      CommitPlan plan = held(CommitPlan.refused());
      Waiting<TxnResult> last = fixture.startPut("a", "0");
      plan.awaitArrival();
      for (int put = 0; put < 20_000; put++) {
        last = fixture.startPut("a", "1");
      }
      plan.release();
      assertThat(last.failure()).isInstanceOf(Failure.Unreadable.class);
    }
    assertThat(fixture.put("a", "2")).isEqualTo(2 + 5 * 20_001);
    assertThat(fixture.store.revision()).isEqualTo(2 + 5 * 20_001);
  }

  @Test
  void refused_leasesAreAsBefore() throws FailureException {
    fixture.grant(1, 60);
    fixture.grant(2, 60);
    fixture.startPut("a", 1).await();
    fixture.startPut("b", 2).await();
    CommitPlan plan = held(CommitPlan.refused());
    List<Waiting<?>> lost =
        List.of(fixture.startPut("a", 2), fixture.startPut("c", 1), fixture.startGrant(3));
    plan.awaitArrival();
    plan.release();
    lost.forEach(waiting -> assertThat(waiting.failure()).isInstanceOf(Failure.Unreadable.class));
    assertThat(fixture.store.leaseKeys(1)).containsExactly(key("a"));
    assertThat(fixture.store.leaseKeys(2)).containsExactly(key("b"));
    assertThat(fixture.startPut("d", 3).failure()).isEqualTo(new Failure.LeaseNotFound());
    engine.nextCommit(CommitPlan.refused());
    assertThat(fixture.startRevoke(1).failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(fixture.store.leaseKeys(1)).containsExactly(key("a"));
    fixture.grant(3, 60);
    fixture.revoke(1);
    assertThat(exists("a")).isFalse();
    assertThat(exists("b")).isTrue();
    await().until(() -> fixture.revoked.equals(List.of(1L)));
    assertThat(fixture.granted).containsExactly(1L, 2L, 3L);
  }

  @Test
  void refused_compactionIsAsBefore() throws FailureException {
    fixture.put("a", "1");
    fixture.put("a", "2");
    engine.nextCommit(CommitPlan.refused());
    assertThat(fixture.startCompact(3, false).failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(fixture.all(2).count()).isEqualTo(1);
    fixture.compact(2);
    assertThat(fixture.store.compactRevision()).isEqualTo(2);
  }

  @Test
  void refused_whileTheEngineCannotBeReadEither() throws FailureException {
    fixture.put("a", "1");
    CommitPlan plan = held(CommitPlan.refused());
    Waiting<TxnResult> put = fixture.startPut("a", "2");
    plan.awaitArrival();
    for (int read = 0; read < 10; read++) {
      engine.nextRead(new EngineException.Unavailable("planned: read", null));
    }
    plan.release();
    assertThat(put.failure()).isInstanceOf(Failure.Unreadable.class);
    engine.heal();
    assertThat(fixture.put("a", "3")).isEqualTo(4);
  }

  @Test
  void refusal_thatSawWhatIsInFlight_waitsForIt() throws FailureException {
    CommitPlan plan = held(CommitPlan.refused());
    Waiting<Long> grant = fixture.startGrant(1);
    plan.awaitArrival();
    Waiting<Long> again = fixture.startGrant(1);
    assertThat(again.isDone()).isFalse();
    plan.release();
    assertThat(grant.failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(again.failure()).isInstanceOf(Failure.Unreadable.class);
    fixture.grant(1, 60);
    assertThat(fixture.startGrant(1).failure()).isEqualTo(new Failure.LeaseExists());
  }

  @Test
  void unknownApplied_clientIsToldUnknown_andTheWriteIsThere() throws FailureException {
    engine.nextCommit(CommitPlan.unknownApplied().stillUnknown(2));
    assertThat(fixture.startPut("a", "1").failure()).isEqualTo(UNKNOWN);
    await().until(() -> fixture.store.revision() == 2);
    assertThat(exists("a")).isTrue();
    assertThat(fixture.awaitPublished(2).events()).hasSize(1);
    assertThat(fixture.put("a", "2")).isEqualTo(3);
    assertThat(fixture.published).extracting(Revision::number).startsWith(2L);
  }

  @Test
  void unknownApplied_effectsTakePlace() throws FailureException {
    engine.nextCommit(CommitPlan.unknownApplied());
    assertThat(fixture.startGrant(1).failure()).isEqualTo(UNKNOWN);
    await().until(() -> fixture.granted.equals(List.of(1L)));
    fixture.put("a", "1");
    fixture.put("a", "2");
    engine.nextCommit(CommitPlan.unknownApplied());
    assertThat(fixture.startCompact(3, true).failure()).isEqualTo(UNKNOWN);
    await().until(() -> fixture.store.compactRevision() == 3);
    engine.nextCommit(CommitPlan.unknownApplied());
    assertThat(fixture.startRevoke(1).failure()).isEqualTo(UNKNOWN);
    await().until(() -> fixture.revoked.equals(List.of(1L)));
  }

  @Test
  void unknownNotApplied_nothingAppearsLater() throws FailureException {
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(1));
    assertThat(fixture.startPut("a", "1").failure()).isEqualTo(UNKNOWN);
    await().until(() -> engine.unsettledCount() == 0);
    assertThat(fixture.put("b", "1")).isEqualTo(3);
    assertThat(exists("a")).isFalse();
    assertThat(fixture.awaitPublished(3).events()).hasSize(1);
    assertThat(fixture.published).hasSize(1);
    reopen();
    assertThat(exists("a")).isFalse();
    assertThat(fixture.store.revision()).isEqualTo(3);
  }

  @Test
  void unknownForLong_holdsTheWatermark_andNobodyWaits() throws FailureException {
    fixture.put("z", "1");
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(3));
    assertThat(fixture.startPut("a", "1").failure()).isEqualTo(UNKNOWN);
    Waiting<TxnResult> onTop = fixture.startPut("a", "2");
    Waiting<TxnResult> failedCompare = fixture.startCreate("a", "3");
    Waiting<TxnResult> range = fixture.start(Txn.of(new Op.DeleteRange(KeyRange.all(), false)));
    assertThat(onTop.failure()).isIn(UNKNOWN, new Failure.LeaderChanged());
    assertThat(failedCompare.failure()).isIn(UNKNOWN, new Failure.LeaderChanged());
    assertThat(range.failure()).isInstanceOf(Failure.Unreadable.class);
    assertThat(fixture.store.revision()).isEqualTo(2);
    await().until(() -> engine.unsettledCount() == 0);
    assertThat(fixture.put("b", "1")).isEqualTo(5);
    assertThat(exists("a")).isFalse();
    assertThat(exists("z")).isTrue();
  }

  @Test
  void unknownOnTop_isAppliedToo_ifTheFirstWas() throws FailureException {
    CommitPlan plan = held(CommitPlan.unknownApplied().stillUnknown(2));
    Waiting<TxnResult> first = fixture.startPut("a", "1");
    plan.awaitArrival();
    Waiting<TxnResult> onTop = fixture.startPut("a", "2");
    plan.release();
    assertThat(first.failure()).isEqualTo(UNKNOWN);
    assertThat(onTop.failure()).isEqualTo(UNKNOWN);
    await().until(() -> fixture.store.revision() == 3);
    assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(2);
  }

  @Test
  void conditionFailed_deposes() throws FailureException {
    CommitPlan plan = held(CommitPlan.conditionFailed(null));
    Waiting<TxnResult> put = fixture.startPut("a", "1");
    plan.awaitArrival();
    Waiting<TxnResult> onTop = fixture.startPut("b", "1");
    Waiting<TxnResult> range = fixture.start(Txn.of(new Op.DeleteRange(KeyRange.all(), false)));
    plan.release();
    assertThat(put.failure()).isEqualTo(new Failure.LeaderChanged());
    assertThat(onTop.failure()).isEqualTo(new Failure.LeaderChanged());
    assertThat(range.failure()).isEqualTo(new Failure.LeaderChanged());
    await().until(() -> fixture.deposed.get() == 1);
    assertThat(fixture.startPut("a", "2").failure()).isEqualTo(new Failure.LeaderChanged());
    assertThat(fixture.all(0).count()).isZero();
    reopen();
    assertThat(fixture.all(0).count()).isZero();
  }

  @Test
  void close_whileUnknown_sendsNothingMore() throws FailureException {
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(Integer.MAX_VALUE));
    assertThat(fixture.startPut("a", "1").failure()).isEqualTo(UNKNOWN);
    Waiting<TxnResult> onTop = fixture.startPut("a", "2");
    Waiting<Long> revoke = fixture.startRevoke(5);
    fixture.close();
    assertThat(onTop.failure()).isIn(UNKNOWN, new Failure.Stopped());
    assertThat(revoke.isDone()).isTrue();
    reopen();
    assertThat(fixture.all(0).count()).isZero();
    assertThat(fixture.store.revision()).isEqualTo(1);
  }

  @Test
  void close_whileACommitIsHeld_carriesOutWhatWasTaken() throws Exception {
    CommitPlan plan = held(CommitPlan.passed());
    Waiting<TxnResult> put = fixture.startPut("a", "1");
    plan.awaitArrival();
    Waiting<TxnResult> onTop = fixture.startPut("a", "2");
    Waiting<TxnResult> range = fixture.start(Txn.of(new Op.DeleteRange(KeyRange.all(), false)));
    Thread closing = Thread.ofPlatform().start(fixture::close);
    await().until(() -> fixture.startPut("b", "1").isDone());
    plan.release();
    closing.join();
    assertThat(put.await().revision()).isEqualTo(2);
    assertThat(onTop.await().revision()).isEqualTo(3);
    assertThat(range.await().revision()).isEqualTo(4);
  }
}
