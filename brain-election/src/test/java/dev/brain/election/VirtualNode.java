// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A node in virtual time that takes part in an election and checks what it is told. For one real
 * thread.
 */
final class VirtualNode implements Candidate {
  final String identity;
  final VirtualTime time;
  final VirtualExecutor thread;
  final Participant participant;

  /** What the candidate was told, in order. */
  final List<String> told = new ArrayList<>();

  private final LongSupplier latency;

  /** Whether elected() fails from now on. */
  boolean cannotLead;

  private long electedTerm;
  private long deposedTerm;

  /**
   * A node that begins to take part.
   *
   * @param latency nanoseconds that a request, and then its answer, is under way
   * @param clock the monotonic clock of this node
   */
  VirtualNode(
      VirtualTime time,
      String identity,
      LeaderRecordStore store,
      ElectionTimes times,
      LeaseCounting counting,
      LongSupplier latency,
      LongSupplier clock,
      long seed) {
    this.identity = identity;
    this.time = time;
    this.latency = latency;
    this.thread = new VirtualExecutor(time, latency);
    this.participant =
        new Participant(
            new Participant.Parts(
                store,
                identity,
                times,
                new ElectionThreads(thread, this::block),
                clock,
                new Random(seed),
                counting),
            this);
    thread.execute(participant::step);
  }

  private void block(Runnable task) {
    time.after(latency.getAsLong(), task);
  }

  boolean leads() {
    return participant.leads();
  }

  /** Gives leadership up; the answer comes in virtual time. */
  CompletableFuture<Boolean> resign(String successor) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    thread.execute(() -> participant.resign(successor, done));
    return done;
  }

  /** Ends as SIGTERM does. */
  CompletableFuture<Boolean> close() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    thread.execute(() -> participant.beginClose(done));
    var _ =
        done.thenRun(() -> thread.execute(() -> participant.endClose(new CompletableFuture<>())));
    return done;
  }

  @Override
  public void elected(long term) {
    assertThat(term).as("term of %s", identity).isGreaterThan(electedTerm);
    assertThat(deposedTerm).as("deposed before it is elected again").isEqualTo(electedTerm);
    electedTerm = term;
    told.add("elected " + term);
    if (cannotLead) {
      throw new IllegalStateException("planned: cannot lead");
    }
  }

  @Override
  public void deposed(long term) {
    assertThat(term).as("deposed once, from what it was elected to").isEqualTo(electedTerm);
    assertThat(deposedTerm).isLessThan(term);
    assertThat(leads()).isFalse();
    deposedTerm = term;
    told.add("deposed " + term);
  }

  @Override
  public void observed(Optional<Leader> leader) {
    told.add(leader.map(it -> "observed " + it.identity() + " " + it.term()).orElse("observed"));
  }
}
