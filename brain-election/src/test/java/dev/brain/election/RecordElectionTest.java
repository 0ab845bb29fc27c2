// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.memory.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What needs real threads: calls that block. Times are long, so that nothing depends on speed. */
class RecordElectionTest {
  private static final ElectionTimes LONG =
      new ElectionTimes(Duration.ofMinutes(50), Duration.ofMinutes(40), Duration.ofMillis(20));

  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch recovered = new CountDownLatch(1);

  /** A candidate whose elected() lasts until it is let go. */
  private final Candidate recovering =
      new Candidate() {
        @Override
        public void elected(long term) {
          told.add("elected " + term);
          try {
            recovered.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          told.add("recovered " + term);
        }

        @Override
        public void deposed(long term) {
          told.add("deposed " + term);
        }

        @Override
        public void observed(Optional<Leader> leader) {}
      };

  @AfterEach
  void closeAll() {
    recovered.countDown();
    engine.close();
    thread.shutdownNow();
    blocking.shutdownNow();
  }

  private RecordElection election(String identity, ElectionTimes times) {
    return new RecordElection(
        new EngineRecordStore(engine),
        identity,
        times,
        new ElectionThreads(thread, blocking),
        System::nanoTime,
        new Random());
  }

  private RecordElection leading() {
    RecordElection election = election("a", LONG);
    election.start(recovering);
    await().until(() -> told.contains("elected 1"));
    return election;
  }

  @Test
  void resign_whileElectedRuns_deposesAndReleases() {
    RecordElection election = leading();
    assertThat(election.leads()).isTrue();
    assertThat(election.resign(Optional.of("b"))).isTrue();
    assertThat(told).containsExactly("elected 1", "deposed 1");
    assertThat(election.leads()).isFalse();
    assertThat(new EngineRecordStore(engine).read())
        .hasValueSatisfying(
            stored -> {
              assertThat(stored.record().isReleased()).isTrue();
              assertThat(stored.record().successor()).isEqualTo("b");
            });
  }

  @Test
  void resign_electedStillRuns_isNotElectedBeforeItEnds() {
    RecordElection a = leading();
    try (RecordElection b = election("b", LONG)) {
      CountDownLatch bElected = new CountDownLatch(1);
      b.start(new Waiting(bElected));
      a.resign(Optional.empty());
      await().until(() -> bElected.getCount() == 0);
      b.resign(Optional.of("a"));
      await().until(() -> b.leader().isEmpty());
      assertThat(told).containsExactly("elected 1", "deposed 1");
      recovered.countDown();
      await().until(() -> told.contains("elected 3"));
      assertThat(told).startsWith("elected 1", "deposed 1", "recovered 1", "elected 3");
    }
  }

  /** A candidate that says when it is elected. */
  private record Waiting(CountDownLatch elected) implements Candidate {
    @Override
    public void elected(long term) {
      elected.countDown();
    }

    @Override
    public void deposed(long term) {}

    @Override
    public void observed(Optional<Leader> leader) {}
  }

  @Test
  void renewal_hangs_isDeposedOnTime() {
    ElectionTimes quick =
        new ElectionTimes(Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofMillis(20));
    RecordElection election = election("a", quick);
    CommitPlan taken = engine.nextCommit(CommitPlan.passed());
    CommitPlan hanging = engine.nextCommit(CommitPlan.passed().heldBefore());
    election.start(recovering);
    taken.awaitArrival();
    hanging.awaitArrival();
    await().until(() -> told.contains("deposed 1"));
    assertThat(election.leads()).isFalse();
    hanging.release();
    await().until(() -> new EngineRecordStore(engine).read().isPresent());
  }

  @Test
  void close_leader_releasesAndIsSilent() {
    RecordElection election = leading();
    election.close();
    recovered.countDown();
    await().until(() -> told.contains("recovered 1"));
    assertThat(told).containsExactly("elected 1", "deposed 1", "recovered 1");
    assertThat(election.leader()).isEmpty();
    election.close();
    assertThatThrownBy(() -> election.start(recovering)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void close_threadHasEnded_returns() {
    ElectionTimes quick =
        new ElectionTimes(Duration.ofMillis(40), Duration.ofMillis(30), Duration.ofMillis(20));
    RecordElection election = election("a", quick);
    election.start(recovering);
    thread.shutdownNow();
    election.close();
    assertThat(election.leads()).isFalse();
  }

  @Test
  void start_engineFailsAtFirst_leadsLater() {
    engine.nextRead(new EngineException.Unavailable("planned: away", null));
    engine.nextCommit(CommitPlan.refused());
    engine.nextCommit(CommitPlan.unknownNotApplied().stillUnknown(2));
    engine.nextCommit(CommitPlan.unknownLate().stillUnknown(1));
    leading();
    assertThat(engine.unsettledCount()).isZero();
  }

  @Test
  void start_twice_isRefused() {
    RecordElection election = leading();
    assertThatThrownBy(() -> election.start(recovering)).isInstanceOf(IllegalStateException.class);
  }
}
