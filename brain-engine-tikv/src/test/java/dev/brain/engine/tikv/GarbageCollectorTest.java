// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.Fate;
import dev.brain.engine.tikv.emulator.FaultPlan;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {
  private final TikvFixture tikv = new TikvFixture();

  @AfterEach
  void stop() {
    tikv.close();
  }

  @Test
  void step_raisesTheSafePointAndKeepsWhatIsNewest() {
    try (Connection connection = connect(Duration.ofMillis(1));
        Engine engine = new TikvEngine(connection)) {
      put(engine, "1");
      put(engine, "2");
      await().until(() -> connection.collector().step());

      assertThat(tikv.emulator().collectedUpTo()).isPositive();
      try (Connection other = connect(Duration.ofMinutes(10));
          Engine reader = new TikvEngine(other)) {
        assertThat(reader.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("2"));
      }
    }
  }

  @Test
  void step_lifeNotOver_keepsTheSafePointBelow() {
    try (Connection connection = connect(Duration.ofMinutes(10));
        Engine engine = new TikvEngine(connection)) {
      put(engine, "1");
      long before = connection.oracle().next(connection.budget());
      connection.collector().step();

      assertThat(Timestamps.millis(tikv.emulator().collectedUpTo()))
          .isLessThanOrEqualTo(Timestamps.millis(before) + 60_000 - 600_000);
    }
  }

  /** What became of the commit is written at its primary key only, which may be dropped. */
  @Test
  void step_locksOfACommittedBatch_becomeRows() {
    Keyspace keyspace = new Keyspace("default");
    tikv.emulator().split(keyspace.key(Space.LOG, bytes("")).toByteArray());
    try (Connection connection = connect(Duration.ofMillis(1));
        Engine engine = new TikvEngine(connection)) {
      tikv.emulator()
          .faults(call -> call.method().equals("KvResolveLock") ? Fate.LOSE_REQUEST : Fate.DELIVER);
      assertThat(
              engine.commit(
                  new WriteBatch()
                      .put(Space.HEAD, bytes("a"), bytes("1"))
                      .put(Space.LOG, bytes("event"), bytes("1"))))
          .isInstanceOf(CommitOutcome.Committed.class);
      tikv.emulator().faults(FaultPlan.none());
      put(engine, "2");
      await().until(() -> connection.collector().step());
    }
    try (Connection other = connect(Duration.ofMinutes(10));
        Engine reader = new TikvEngine(other)) {
      assertThat(Ledger.rows(reader)).containsExactly("event");
    }
  }

  @Test
  void stepIfDue_nothingCommitted_doesNothing() {
    try (Connection connection = connect(Duration.ofMillis(1))) {
      connection.collector().stepIfDue();
      assertThat(tikv.emulator().collectedUpTo()).isZero();

      connection.collector().committed();
      await()
          .until(
              () -> {
                connection.collector().committed();
                connection.collector().stepIfDue();
                return tikv.emulator().collectedUpTo() > 0;
              });
    }
  }

  /** TiKV would not refuse it, but leave rows out. */
  @Test
  void snapshot_olderThanVersionsAreKept_isUnavailable() {
    try (Connection connection = connect(Duration.ofMillis(100));
        Engine engine = new TikvEngine(connection);
        Snapshot snapshot = engine.snapshot()) {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> snapshot.get(Space.HEAD, bytes("a")))
                      .isInstanceOf(EngineException.Unavailable.class)
                      .hasMessageContaining("garbage-collection-life"));
    }
  }

  private static void put(Engine engine, String value) {
    assertThat(engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes(value))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  /**
   * Collects by itself only after a time that no test takes; a life may be as short as one likes.
   */
  private Connection connect(Duration life) {
    TikvSettings settings =
        new TikvSettings(
            List.of(tikv.emulator().pdAddress()),
            "default",
            null,
            /* collectsGarbage= */ false,
            life,
            Duration.ofSeconds(10));
    Connection connection = new Connection(settings, new Random(1), UnaryOperator.identity());
    connection.begin();
    return connection;
  }
}
