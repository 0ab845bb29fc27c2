// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.CommitOutcome.Unknown;
import dev.brain.engine.memory.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What plans do beyond what the kit asks of every engine. */
class FaultyEnginePlanTest {
  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void nextCommit_severalPlans_areTakenInOrderAndOnce() {
    engine.nextCommit(CommitPlan.unknownNotApplied());
    engine.nextCommit(CommitPlan.passed());
    engine.nextCommit(CommitPlan.refused());

    assertThat(engine.commit(put(Space.HEAD, "a", "1"))).isInstanceOf(Unknown.class);
    assertThat(engine.commit(put(Space.HEAD, "b", "1"))).isInstanceOf(Committed.class);
    assertThatThrownBy(() -> engine.commit(put(Space.HEAD, "c", "1")))
        .isInstanceOf(EngineException.Unavailable.class);
    assertThat(engine.commit(put(Space.HEAD, "d", "1"))).isInstanceOf(Committed.class);
    assertThat(all(engine, Space.HEAD)).containsExactly("b=1", "d=1");
  }

  @Test
  void stillUnknown_times_comeBeforeTheFate() {
    engine.nextCommit(CommitPlan.unknownApplied().stillUnknown(2));
    Unknown unknown = (Unknown) engine.commit(put(Space.HEAD, "a", "1"));

    assertThat(engine.unsettledCount()).isOne();
    assertThat(List.of(engine.settle(unknown), engine.settle(unknown)))
        .containsOnly(Fate.STILL_UNKNOWN);
    assertThat(engine.unsettledCount()).isOne();
    assertThat(engine.settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThat(engine.unsettledCount()).isZero();
  }

  @Test
  void unknownLate_untilSettled_isNotSeen() {
    engine.nextCommit(CommitPlan.unknownLate());
    Unknown unknown = (Unknown) engine.commit(put(Space.HEAD, "a", "1"));

    assertThat(all(engine, Space.HEAD)).isEmpty();
    assertThat(engine.settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThat(all(engine, Space.HEAD)).containsExactly("a=1");
  }

  @Test
  void unknownLate_landed_isSeenBeforeItIsSettledAndAppliedOnce() {
    engine.nextCommit(CommitPlan.unknownLate());
    byte[] key = bytes("a");
    Unknown unknown = (Unknown) engine.commit(new WriteBatch().put(Space.HEAD, key, bytes("1")));
    key[0] = 'X';
    engine.land();

    assertThat(all(engine, Space.HEAD)).containsExactly("a=1");
    engine.commit(put(Space.HEAD, "a", "2"));
    assertThat(engine.settle(unknown)).isEqualTo(Fate.COMMITTED);
    assertThat(all(engine, Space.HEAD)).containsExactly("a=2");
  }

  /** A fence that fell in the meantime keeps a late batch out. */
  @Test
  void unknownLate_conditionFellMeanwhile_isNotCommitted() {
    engine.commit(put(Space.META, "fence", ""));
    engine.nextCommit(CommitPlan.unknownLate());
    Unknown unknown =
        (Unknown)
            engine.commit(
                put(Space.HEAD, "a", "1")
                    .require(new Condition.Exists(Space.META, bytes("fence"))));
    engine.commit(new WriteBatch().delete(Space.META, bytes("fence")));

    assertThat(engine.settle(unknown)).isEqualTo(Fate.NOT_COMMITTED);
    assertThat(all(engine, Space.HEAD)).isEmpty();
  }

  @Test
  void unknownApplied_conditionDoesNotHold_isNotCommitted() {
    engine.nextCommit(CommitPlan.unknownApplied());
    Condition wrong = new Condition.Exists(Space.META, bytes("fence"));
    Unknown unknown = (Unknown) engine.commit(put(Space.HEAD, "a", "1").require(wrong));

    assertThat(engine.settle(unknown)).isEqualTo(Fate.NOT_COMMITTED);
    assertThat(all(engine, Space.HEAD)).isEmpty();
  }

  @Test
  void conditionFailed_planned_reportsTheGivenValueAndDoesNothing() {
    Condition condition = new Condition.Absent(Space.META, bytes("fence"));
    engine.nextCommit(CommitPlan.conditionFailed(bytes("other")));

    assertThat(engine.commit(put(Space.HEAD, "a", "1").require(condition)))
        .asInstanceOf(type(ConditionFailed.class))
        .satisfies(failed -> assertThat(failed.condition()).isSameAs(condition))
        .satisfies(failed -> assertThat(failed.current()).isEqualTo(bytes("other")));
    assertThat(all(engine, Space.HEAD)).isEmpty();
  }

  @Test
  void heldBefore_untilReleased_isNotApplied() throws Exception {
    CommitPlan held = engine.nextCommit(CommitPlan.passed().heldBefore());
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<CommitOutcome> commit =
          executor.submit(() -> engine.commit(put(Space.HEAD, "a", "1")));
      held.awaitArrival();

      assertThat(engine.commit(put(Space.HEAD, "b", "1"))).isInstanceOf(Committed.class);
      assertThat(commit).isNotDone();
      assertThat(all(engine, Space.HEAD)).containsExactly("b=1");
      held.release();
      assertThat(commit.get()).isInstanceOf(Committed.class);
      assertThat(all(engine, Space.HEAD)).containsExactly("a=1", "b=1");
    }
  }

  @Test
  void heldAfter_untilReleased_isAppliedButDoesNotReturn() throws Exception {
    CommitPlan held = engine.nextCommit(CommitPlan.unknownApplied().heldAfter());
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<CommitOutcome> commit =
          executor.submit(() -> engine.commit(put(Space.HEAD, "a", "1")));
      held.awaitArrival();

      assertThat(get(engine, Space.HEAD, "a")).isEqualTo("1");
      assertThat(commit).isNotDone();
      held.release();
      assertThat(commit.get()).isInstanceOf(Unknown.class);
    }
  }

  @Test
  void close_heldCommit_isReleased() throws Exception {
    CommitPlan held = engine.nextCommit(CommitPlan.passed().heldBefore());
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<CommitOutcome> commit =
          executor.submit(() -> engine.commit(put(Space.HEAD, "a", "1")));
      held.awaitArrival();
      engine.close();

      assertThatThrownBy(commit::get).hasCauseInstanceOf(EngineException.Closed.class);
    }
  }

  @Test
  void refuseWhileUnknown_untilSettled_refusesCommits() {
    engine.refuseWhileUnknown(true);
    engine.nextCommit(CommitPlan.unknownNotApplied());
    Unknown unknown = (Unknown) engine.commit(put(Space.HEAD, "a", "1"));

    assertThatThrownBy(() -> engine.commit(put(Space.HEAD, "b", "1")))
        .isInstanceOf(EngineException.Unavailable.class);
    engine.settle(unknown);
    assertThat(engine.commit(put(Space.HEAD, "b", "1"))).isInstanceOf(Committed.class);
  }

  @Test
  void nextRead_eachKind_throwsThereAndOnce() {
    engine.commit(put(Space.HEAD, "a", "1"));

    for (ReadKind kind : ReadKind.values()) {
      EngineException failure = new EngineException.Corrupted("block " + kind, null);
      engine.nextRead(kind, failure);
      assertThatThrownBy(this::readAll).isSameAs(failure);
      assertThat(readAll()).isEqualTo(4);
    }
  }

  @Test
  void nextRead_ofAnyKind_throwsAtTheNextRead() {
    engine.nextRead(new EngineException.Unavailable("gone", null));

    assertThatThrownBy(() -> engine.get(Space.HEAD, bytes("a"))).hasMessage("gone");
    assertThat(engine.get(Space.HEAD, bytes("a"))).isNull();
  }

  @Test
  void goWrongAtRandom_sameSeed_goesWrongTheSameWay() {
    assertThat(outcomes(7)).isEqualTo(outcomes(7)).isNotEqualTo(outcomes(8));
    assertThat(outcomes(7)).contains("Committed", "Unknown", "Unavailable");
    engine.heal();
    for (int commit = 0; commit < 100; commit++) {
      assertThat(engine.commit(put(Space.HEAD, "a", "1"))).isInstanceOf(Committed.class);
    }
  }

  private List<String> outcomes(long seed) {
    engine.goWrongAtRandom(seed, 3);
    List<String> outcomes = new ArrayList<>();
    for (int commit = 0; commit < 100; commit++) {
      try {
        CommitOutcome outcome = engine.commit(put(Space.HEAD, "a", "1"));
        outcomes.add(outcome.getClass().getSimpleName());
      } catch (EngineException e) {
        outcomes.add(e.getClass().getSimpleName());
      }
    }
    return outcomes;
  }

  /** Makes one call of each kind and counts the entries found. */
  private int readAll() {
    int entries = engine.get(Space.HEAD, bytes("a")) == null ? 0 : 1;
    try (Snapshot snapshot = engine.snapshot()) {
      entries += snapshot.get(Space.HEAD, bytes("a")) == null ? 0 : 1;
      entries += snapshot.multiGet(Space.HEAD, List.of(bytes("a"))).size();
      try (Cursor cursor = snapshot.scan(Space.HEAD, KeyRange.all(), ScanOptions.KEYS)) {
        while (cursor.next()) {
          entries++;
        }
      }
    }
    return entries;
  }
}
