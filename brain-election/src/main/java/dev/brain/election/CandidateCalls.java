// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the candidate in the order it was promised. For the election's thread; only {@link
 * Candidate#elected} runs elsewhere.
 */
final class CandidateCalls {
  private static final Logger log = LoggerFactory.getLogger(CandidateCalls.class);

  /** How far one call of elected() has come. */
  private enum Progress {
    WAITING,
    BEGUN,
    /** Deposed before it had begun: it never does. */
    SKIPPED
  }

  /** One leadership. */
  private static final class Call {
    final long term;
    final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);

    Call(long term) {
      this.term = term;
    }
  }

  private final Candidate candidate;
  private final ElectionThreads threads;
  private final LongConsumer failed;

  /** The leadership that is not deposed. */
  private @Nullable Call current;

  /** The call of elected() that has not returned, perhaps of an earlier leadership. */
  private @Nullable Call running;

  private Optional<Leader> told = Optional.empty();

  /**
   * Calls of one candidate.
   *
   * @param failed called on the election's thread with the term in which elected() failed
   */
  CandidateCalls(Candidate candidate, ElectionThreads threads, LongConsumer failed) {
    this.candidate = candidate;
    this.threads = threads;
    this.failed = failed;
  }

  /** Whether a call of elected() has not returned. */
  boolean isElecting() {
    return running != null;
  }

  /** Tells that this node leads; not while {@link #isElecting}. */
  void elected(long term) {
    Call call = new Call(term);
    current = call;
    running = call;
    threads.block(() -> run(call), rejected -> ended(call, rejected));
  }

  private void run(Call call) {
    Throwable failure = null;
    try {
      if (call.progress.compareAndSet(Progress.WAITING, Progress.BEGUN)) {
        candidate.elected(call.term);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    Throwable end = failure;
    threads.tell(() -> ended(call, end));
  }

  private void ended(Call call, @Nullable Throwable failure) {
    running = null;
    if (failure != null) {
      log.warn("elected, but cannot lead in term {}: {}", call.term, failure.toString());
      if (current == call) {
        failed.accept(call.term);
      }
    }
  }

  /** Tells that this node's leadership is over. */
  void deposed() {
    Call call = Objects.requireNonNull(current);
    current = null;
    if (!call.progress.compareAndSet(Progress.WAITING, Progress.SKIPPED)) {
      guarded(() -> candidate.deposed(call.term));
    }
  }

  /** Tells who leads, if that is news. */
  void observed(Optional<Leader> leader) {
    if (!leader.equals(told)) {
      told = leader;
      guarded(() -> candidate.observed(leader));
    }
  }

  /** A candidate that fails must not end the election's thread. */
  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.error("the candidate failed on the election's thread", e);
    }
  }
}
