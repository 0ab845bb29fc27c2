// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An election by one record that all nodes can read and replace. The leader renews the record;
 * others take it over when it has not changed for a whole lease by their own clocks, or at once
 * when it was released.
 */
public final class RecordElection implements Election {

  /*
   * What happens is in Participant, on the election's thread. Here are the ways in from other threads.
   */
  private final Participant.Parts parts;
  private volatile @Nullable Participant participant;
  private boolean closed;

  /**
   * An election that has not begun.
   *
   * @param store where the record is; the election does not close it
   * @param identity the name of this node, which no other node may have
   * @param nanoTime the monotonic clock: {@code System::nanoTime}
   * @param random for pauses, and for what tells this process from others; used on the election's
   *     thread
   */
  public RecordElection(
      LeaderRecordStore store,
      String identity,
      ElectionTimes times,
      ElectionThreads threads,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this(
        new Participant.Parts(
            store, identity, times, threads, nanoTime, random, LeaseCounting.SOUND));
  }

  RecordElection(Participant.Parts parts) {
    this.parts = parts;
  }

  @Override
  public synchronized void start(Candidate candidate) {
    if (closed || participant != null) {
      throw new IllegalStateException("the election was started or closed before");
    }
    Participant started = new Participant(parts, candidate);
    participant = started;
    parts.threads().tell(started::step);
  }

  @Override
  public boolean leads() {
    Participant started = participant;
    return started != null && started.leads();
  }

  @Override
  public Optional<Leader> leader() {
    Participant started = participant;
    return started == null ? Optional.empty() : started.leader();
  }

  @Override
  public boolean resign(Optional<String> successor) {
    Participant started = participant;
    return started != null && await(done -> started.resign(successor.orElse(""), done));
  }

  @Override
  public void close() {
    Participant started;
    synchronized (this) {
      started = closed ? null : participant;
      closed = true;
    }
    if (started != null) {
      await(started::beginClose);
      await(started::endClose);
    }
  }

  /** Lets the election's thread do something and waits for its answer, no longer than a tenure. */
  private boolean await(Consumer<CompletableFuture<Boolean>> task) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    parts.threads().tell(() -> task.accept(done));
    try {
      return done.get(parts.times().renewDeadline().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
