// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when others break their promises, and at the end. */
final class StoreStopTest {
  private final FaultyEngine faulty = new FaultyEngine(new MemoryStorage().open());
  private final HookedEngine engine = new HookedEngine(faulty);

  @AfterEach
  void close() {
    engine.close();
  }

  private static void bug() {
    throw new IllegalStateException("planned: a bug");
  }

  @Test
  void engineThatThrowsWhatItMayNot_stopsTheStore() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine)) {
      fixture.put("a", "1");
      engine.beforeCommit = StoreStopTest::bug;
      Waiting<TxnResult> put = fixture.startPut("a", "2");
      assertThat(put.failure()).isEqualTo(new Failure.OutcomeUnknown());
      await().until(() -> fixture.deposed.get() == 1);
      engine.beforeCommit = () -> {};
      await()
          .untilAsserted(
              () ->
                  assertThat(fixture.startPut("a", "3").failure())
                      .isEqualTo(new Failure.Stopped()));
      assertThat(fixture.all(0).revision()).isEqualTo(2);
    }
  }

  @Test
  void listenerThatThrows_stopsTheStore() {
    try (StoreFixture fixture = new StoreFixture(engine, StoreConfig.DEFAULT, revisions -> bug())) {
      fixture.startPut("a", "1");
      await().until(() -> fixture.deposed.get() == 1);
      assertThat(fixture.startPut("a", "3").failure()).isEqualTo(new Failure.Stopped());
    }
  }

  @Test
  void completionThatThrows_harmsNobodyElse() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine)) {
      Completion<TxnResult> broken =
          new Completion<>() {
            @Override
            public void complete(TxnResult result) {
              bug();
            }

            @Override
            public void fail(Failure failure) {
              bug();
            }
          };
      Txn put = Txn.of(Op.Put.of(StoreFixture.key("a"), StoreFixture.bytes("1"), 0));
      fixture.store.txn(put, broken);
      Txn unknownLease = Txn.of(Op.Put.of(StoreFixture.key("a"), StoreFixture.bytes("1"), 7));
      fixture.store.txn(unknownLease, broken);
      assertThat(fixture.put("a", "2")).isEqualTo(3);
      assertThat(fixture.awaitPublished(2).events()).hasSize(1);
    }
  }

  @Test
  void completionThatSubmitsAgain_isServed() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine)) {
      Waiting<TxnResult> second = new Waiting<>();
      Txn put = Txn.of(Op.Put.of(StoreFixture.key("a"), StoreFixture.bytes("1"), 0));
      CommitPlan plan = faulty.nextCommit(CommitPlan.refused().heldBefore());
      fixture.store.txn(
          put,
          new Completion<>() {
            @Override
            public void complete(TxnResult result) {}

            @Override
            public void fail(Failure failure) {
              fixture.store.txn(put, second);
            }
          });
      plan.awaitArrival();
      Waiting<TxnResult> onTop = fixture.startPut("a", "2");
      plan.release();
      assertThat(onTop.failure()).isInstanceOf(Failure.Unreadable.class);
      assertThat(second.await().revision()).isEqualTo(4);
      assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(1);
    }
  }

  @Test
  void headThatCannotBeRead_failsOnlyItsRequest() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine)) {
      engine.beforeGet =
          () -> {
            throw new EngineException.Corrupted("planned: block 7", null);
          };
      assertThat(fixture.startPut("a", "1").failure())
          .isEqualTo(new Failure.Unreadable("planned: block 7"));
      engine.beforeGet = StoreStopTest::bug;
      assertThat(fixture.startPut("a", "1").failure()).isInstanceOf(Failure.Unreadable.class);
      engine.beforeGet = () -> {};
      assertThat(fixture.put("a", "2")).isEqualTo(2);
    }
  }

  @Test
  void settleThatThrows_isAskedAgain() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine)) {
      engine.beforeSettle =
          () -> {
            engine.beforeSettle = () -> {};
            throw new EngineException.Unavailable("planned: settle", null);
          };
      faulty.nextCommit(CommitPlan.unknownApplied());
      assertThat(fixture.startPut("a", "1").failure()).isEqualTo(new Failure.OutcomeUnknown());
      await().until(() -> fixture.store.revision() == 2);
      assertThat(fixture.put("a", "2")).isEqualTo(3);
    }
  }

  @Test
  void close_notStarted_answers() {
    Store store = Store.open(engine, StoreConfig.DEFAULT, new Random(1));
    Waiting<TxnResult> put = new Waiting<>();
    store.txn(Txn.of(Op.Put.of(StoreFixture.key("a"), StoreFixture.bytes("1"), 0)), put);
    store.close();
    assertThat(put.failure()).isEqualTo(new Failure.Stopped());
  }

  @Test
  void close_twice() {
    StoreFixture fixture = new StoreFixture(engine);
    fixture.close();
    fixture.close();
    assertThat(fixture.startPut("a", "1").failure()).isEqualTo(new Failure.Stopped());
  }
}
