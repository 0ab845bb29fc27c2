// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.Call;
import dev.brain.engine.tikv.emulator.Fate;
import dev.brain.engine.tikv.emulator.Front;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that dies in the middle of a commit over several regions, and what the others find. */
class CrashTest {
  private final TikvFixture tikv = new TikvFixture();
  private final Front others = tikv.emulator().openFront();

  @BeforeEach
  void split() {
    Keyspace keyspace = new Keyspace("default");
    for (Space space : Space.values()) {
      tikv.emulator().split(keyspace.key(space, bytes("")).toByteArray());
    }
  }

  @AfterEach
  void stop() {
    tikv.close();
  }

  @Test
  void reader_primaryCommittedAndTheRestNot_seesTheWholeBatch() {
    dies(Set.of("KvResolveLock"), CommitOutcome.Committed.class);

    try (Engine engine = survivor();
        Snapshot snapshot = engine.snapshot()) {
      assertThat(snapshot.multiGet(Space.HEAD, List.of(bytes("a"), bytes("b"))))
          .containsExactly(bytes("new"), bytes("new"));
      assertThat(snapshot.get(Space.LOG, bytes("event"))).isEqualTo(bytes("new"));
    }
  }

  @Test
  void reader_primaryLockedAndNotCommitted_seesNothingOfTheBatch() {
    dies(Set.of("KvCommit", "KvCheckTxnStatus", "KvResolveLock"), CommitOutcome.Unknown.class);

    try (Engine engine = survivor();
        Snapshot snapshot = engine.snapshot()) {
      assertThat(snapshot.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("old"));
      assertThat(Ledger.rows(engine)).isEmpty();
    }
  }

  /** The next leader does not wait for the time of locks. */
  @Test
  void writer_keysLockedByTheDead_commits() {
    dies(Set.of("KvCommit", "KvCheckTxnStatus", "KvResolveLock"), CommitOutcome.Unknown.class);

    try (Engine engine = survivor()) {
      assertThat(
              engine.commit(
                  new WriteBatch()
                      .require(new Condition.Exists(Space.META, bytes("fence")))
                      .delete(Space.META, bytes("fence"))
                      .put(Space.HEAD, bytes("b"), bytes("newer"))))
          .isInstanceOf(CommitOutcome.Committed.class);
      assertThat(engine.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("old"));
      assertThat(engine.get(Space.HEAD, bytes("b"))).isEqualTo(bytes("newer"));
      assertThat(Ledger.rows(engine)).isEmpty();
    }
  }

  private Engine survivor() {
    return tikv.open(Map.of("pd-endpoints", others.pdAddress()));
  }

  /** An engine commits, and from then on certain of its requests never arrive. */
  private void dies(Set<String> lost, Class<? extends CommitOutcome> outcome) {
    try (Engine engine = tikv.open(Map.of("request-timeout", "4s"))) {
      commit(
          engine,
          new WriteBatch()
              .put(Space.META, bytes("fence"), bytes(""))
              .put(Space.HEAD, bytes("a"), bytes("old")));
      // What the first commit left locked is cleared by this read, before anything gets lost.
      assertThat(engine.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("old"));
      tikv.emulator()
          .faults(
              call ->
                  isOurs(call) && lost.contains(call.method()) ? Fate.LOSE_REQUEST : Fate.DELIVER);
      assertThat(
              commit(
                  engine,
                  new WriteBatch()
                      .require(new Condition.Exists(Space.META, bytes("fence")))
                      .put(Space.HEAD, bytes("a"), bytes("new"))
                      .put(Space.HEAD, bytes("b"), bytes("new"))
                      .put(Space.LOG, bytes("event"), bytes("new"))))
          .isInstanceOf(outcome);
    }
  }

  /** Tries again what was certainly not done because this machine was busy. */
  private static CommitOutcome commit(Engine engine, WriteBatch batch) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(EngineException.Unavailable.class)
        .until(() -> engine.commit(batch), _ -> true);
  }

  private static boolean isOurs(Call call) {
    return call.front() == 0;
  }
}
