// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.StoreFixture.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused while the engine is slow, and that it is not applied. */
final class StoreBoundTest {
  private static final Failure TOO_MANY = new Failure.TooManyRequests();

  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());

  @AfterEach
  void close() {
    engine.close();
  }

  private static StoreConfig config(int requests, long bytes) {
    return new StoreConfig(0, requests, bytes, 1L << 20, CountBounds.DEFAULT);
  }

  private static Txn put(String key, byte[] value) {
    return Txn.of(Op.Put.of(key(key), value, 0));
  }

  /** A put that has to wait for a settled engine, because it reads a range. */
  private static Txn waitingPut(String key, byte[] value) {
    return new Txn(
        List.of(),
        List.of(Op.Put.of(key(key), value, 0), new Op.Range(RangeQuery.newest(KeyRange.all()))),
        List.of());
  }

  private CommitPlan holdFirst(StoreFixture fixture) {
    CommitPlan plan = engine.nextCommit(CommitPlan.passed().heldBefore());
    Waiting<TxnResult> first = fixture.startPut("first", "");
    plan.awaitArrival();
    assertThat(first.isDone()).isFalse();
    return plan;
  }

  @Test
  void tooManyRequests_areRefusedAndNotApplied() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine, config(4, 1L << 20))) {
      CommitPlan plan = holdFirst(fixture);
      Waiting<TxnResult> decided = fixture.startPut("a", "1");
      Waiting<TxnResult> unwritten = fixture.startCreate("a", "2");
      Waiting<TxnResult> waiting = fixture.start(waitingPut("b", bytes("1")));
      Waiting<TxnResult> refused = fixture.startPut("c", "1");
      assertThat(refused.failure()).isEqualTo(TOO_MANY);
      assertThat(fixture.start(waitingPut("d", bytes("1"))).failure()).isEqualTo(TOO_MANY);
      plan.release();
      assertThat(decided.await().revision()).isEqualTo(3);
      assertThat(unwritten.await().succeeded()).isFalse();
      assertThat(waiting.await().revision()).isEqualTo(4);
      assertThat(fixture.put("e", "1")).isEqualTo(5);
      assertThat(fixture.all(0).keyValues())
          .extracting(kv -> new String(kv.key().bytes(), UTF_8))
          .containsExactly("a", "b", "e", "first");
    }
  }

  @Test
  void bytesOfDecidedRequests_areBounded() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine, config(1000, 10_000))) {
      CommitPlan plan = holdFirst(fixture);
      assertBoundedBytes(fixture, plan, false);
    }
  }

  @Test
  void bytesOfWaitingRequests_areBounded() throws FailureException {
    try (StoreFixture fixture = new StoreFixture(engine, config(1000, 10_000))) {
      CommitPlan plan = holdFirst(fixture);
      assertBoundedBytes(fixture, plan, true);
    }
  }

  private static void assertBoundedBytes(StoreFixture fixture, CommitPlan plan, boolean waiting)
      throws FailureException {
    List<Waiting<TxnResult>> taken = new ArrayList<>();
    Waiting<TxnResult> last;
    do {
      byte[] value = new byte[1000];
      last = fixture.start(waiting ? waitingPut("a", value) : put("a", value));
      taken.add(last);
    } while (!last.isDone());
    assertThat(last.failure()).isEqualTo(TOO_MANY);
    taken.removeLast();
    assertThat(taken).hasSizeBetween(5, 10);
    plan.release();
    for (Waiting<TxnResult> one : taken) {
      one.await();
    }
    assertThat(fixture.get("a").keyValues().getFirst().row().version()).isEqualTo(taken.size());
  }
}
