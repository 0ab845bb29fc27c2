// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static dev.brain.engine.tikv.Ledger.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.Fate;
import dev.brain.engine.tikv.emulator.FaultPlan;
import dev.brain.engine.tikv.emulator.Front;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two engines, as two nodes have them: one writes and knows of nothing, the other takes the fence
 * away while requests of both get lost, are late, and meet regions that have changed.
 */
class FenceTest {
  private static final int ROUNDS = 8;
  private static final int ATTEMPTS_BEFORE = 12;
  private static final int ATTEMPTS_AFTER = 4;

  private final TikvFixture tikv = new TikvFixture();
  private final Engine successor = open(tikv.emulator().front());
  private final Engine deposed = open(tikv.emulator().openFront());

  /** Short, since lost requests are waited for; what ends without an outcome is one too. */
  private Engine open(Front front) {
    return tikv.open(Map.of("request-timeout", "1500ms", "pd-endpoints", front.pdAddress()));
  }

  @AfterEach
  void stop() {
    tikv.emulator().faults(FaultPlan.none());
    deposed.close();
    successor.close();
    tikv.close();
  }

  @Test
  void commit_fencedAfterTakeover_changesNothing() throws InterruptedException {
    long seed = seed();
    Random random = new Random(seed);
    Ledger ledger = new Ledger();
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(stale(random, ledger, round, /* isFenced= */ true))
          .as("rows that appeared after the takeover in round %d", round)
          .isEmpty();
    }
    ledger.settle(deposed);
    ledger.assertExact(successor);
    System.out.println(
        "fence test: "
            + ledger
            + "; "
            + tikv.emulator().calls("KvPrewrite")
            + " prewrites, "
            + tikv.emulator().calls("KvCommit")
            + " commits of primary keys, "
            + tikv.emulator().regions()
            + " regions in the end");
  }

  /** The test must see what a fence prevents. */
  @Test
  void commit_withoutFenceAfterTakeover_isSeenByThisTest() throws InterruptedException {
    assertThat(stale(new Random(seed()), new Ledger(), 0, /* isFenced= */ false)).isNotEmpty();
  }

  private static long seed() {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("fence test: -Dbrain.seed=" + seed);
    return seed;
  }

  /** Plays one takeover; the log's rows that were not there when it was over, but later. */
  private Set<String> stale(Random random, Ledger ledger, int round, boolean isFenced)
      throws InterruptedException {
    TikvEmulator emulator = tikv.emulator();
    byte[] fence = bytes("fence/" + round);
    assertThat(successor.commit(new WriteBatch().put(Space.META, fence, bytes(""))))
        .isInstanceOf(CommitOutcome.Committed.class);
    int before = ledger.attempts();
    AtomicBoolean isOver = new AtomicBoolean();
    emulator.faults(faults(random));
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int number = 0; !isOver.get(); number++) {
                    String name = "%02d-%06d".formatted(round, number);
                    WriteBatch batch =
                        new WriteBatch()
                            .put(Space.HEAD, bytes("x"), bytes(name))
                            .put(Space.HISTORY, bytes("y"), bytes(name));
                    if (isFenced) {
                      batch.require(new Condition.Exists(Space.META, fence));
                    }
                    ledger.commit(deposed, name, batch);
                  }
                });
    try {
      awaitAttempts(ledger, before + ATTEMPTS_BEFORE / 2);
      disturb(random, emulator);
      awaitAttempts(ledger, before + ATTEMPTS_BEFORE);
      takeOver(fence);

      emulator.faults(FaultPlan.none());
      Set<String> found = Ledger.rows(successor);
      assertWhole();
      emulator.release();
      awaitAttempts(ledger, ledger.attempts() + ATTEMPTS_AFTER);
      isOver.set(true);
      writer.join();
      emulator.release();

      assertWhole();
      Set<String> later = Ledger.rows(successor);
      later.removeAll(found);
      return later;
    } finally {
      isOver.set(true);
      emulator.faults(FaultPlan.none());
      emulator.release();
      writer.join();
    }
  }

  /** In one of three rounds the one that is deposed can seldom find out what became of a commit. */
  private static FaultPlan faults(Random random) {
    FaultPlan usual = FaultPlan.random(random.nextLong(), 12, List.of(Fate.values()));
    FaultPlan often =
        FaultPlan.random(random.nextLong(), 95, List.of(Fate.LOSE_REQUEST, Fate.LOSE_ANSWER));
    if (random.nextInt(3) != 0) {
      return usual;
    }
    return call ->
        call.front() == 1 && call.method().equals("KvCheckTxnStatus")
            ? often.fate(call)
            : usual.fate(call);
  }

  private static void awaitAttempts(Ledger ledger, int attempts) {
    await().atMost(Duration.ofMinutes(2)).until(() -> ledger.attempts() >= attempts);
  }

  private static void disturb(Random random, TikvEmulator emulator) {
    emulator.splitLargest();
    emulator.moveLeaders(1 + random.nextInt(3), 1 + random.nextInt(3));
  }

  /** Deletes the fence, again until it is certain that it is gone by this engine's doing. */
  private void takeOver(byte[] fence) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              try {
                WriteBatch batch =
                    new WriteBatch()
                        .require(new Condition.Exists(Space.META, fence))
                        .delete(Space.META, fence);
                return !(successor.commit(batch) instanceof CommitOutcome.Unknown);
              } catch (EngineException.Unavailable _) {
                return false;
              }
            });
  }

  /** Both rows that a batch writes are of the same batch. */
  private void assertWhole() {
    try (Snapshot snapshot = successor.snapshot()) {
      byte[] x = snapshot.get(Space.HEAD, bytes("x"));
      byte[] y = snapshot.get(Space.HISTORY, bytes("y"));
      assertThat(x == null ? "" : text(x)).isEqualTo(y == null ? "" : text(y));
    }
  }
}
