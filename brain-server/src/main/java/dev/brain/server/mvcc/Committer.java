// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Failure;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decided requests to the engine, many in one commit. One thread runs it until it is
 * closed.
 */
final class Committer implements Runnable {
  /*
   * While one batch is made durable the next one fills in the sequencer; there is no linger: a batch
   * leaves as soon as the engine is free, with whatever was decided by then.
   *
   * Invariants:
   *  1. Each batch carries the fence of this leader's epoch.
   *  2. Nothing is answered as visible, and nothing is published, before its commit has returned.
   *  3. A commit with an unknown outcome holds the watermark until the engine says what became of it.
   *     Its clients are told at once that the outcome is unknown.
   *  4. If a batch is not committed, everything decided after it is given up too, because it was
   *     decided on top of it. Those revisions end void and are not used again.
   *  5. Nothing is sent to the engine behind a commit whose fate is not known, also not on close.
   *  6. However this ends, everybody is answered. If it ends by what must not happen (an engine or a
   *     listener that throws what it may not), nobody knows what the engine holds: this store stops
   *     writing, like one that is deposed.
   */

  private static final Logger logger = LoggerFactory.getLogger(Committer.class);

  /** The first pause between two questions for the fate of a commit; each is twice the last. */
  private static final long FIRST_PAUSE_MILLIS = 5;

  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final Engine engine;
  private final Sequencer sequencer;
  private final PublishRing<Pending> ring;
  private final Condition fence;
  private final long maxBatchBytes;
  private final Runnable deposed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  Committer(
      Engine engine,
      Sequencer sequencer,
      PublishRing<Pending> ring,
      Condition fence,
      long maxBatchBytes,
      Runnable deposed) {
    this.engine = engine;
    this.sequencer = sequencer;
    this.ring = ring;
    this.fence = fence;
    this.maxBatchBytes = maxBatchBytes;
    this.deposed = deposed;
  }

  @Override
  public void run() {
    List<Pending> group = List.of();
    try {
      group = sequencer.take(maxBatchBytes);
      while (!group.isEmpty() && commit(group)) {
        group = sequencer.take(maxBatchBytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      logger.error("the store stops writing: it does not know what became of a commit", e);
      sequencer.close(new Failure.Stopped());
      deposed.run();
    } finally {
      Failure unknown = new Failure.OutcomeUnknown();
      group.forEach(pending -> pending.failed(unknown));
      sequencer.abandon(new Failure.Stopped());
      stopped.countDown();
    }
  }

  /** Carries a group to its end; answers whether more may be written. */
  private boolean commit(List<Pending> group) throws InterruptedException {
    WriteBatch batch = new WriteBatch();
    batch.require(fence);
    for (Pending pending : group) {
      pending.writeTo(batch);
    }
    CommitOutcome outcome;
    try {
      outcome = engine.commit(batch);
    } catch (EngineException e) {
      sequencer.giveUp(group, new Failure.Unreadable(String.valueOf(e.getMessage())));
      return true;
    }
    return switch (outcome) {
      case CommitOutcome.Committed() -> committed(group);
      case CommitOutcome.ConditionFailed ignored -> fenced(group);
      case CommitOutcome.Unknown unknown -> settle(group, unknown);
    };
  }

  private boolean committed(List<Pending> group) {
    for (Pending pending : group) {
      if (pending.revision() != 0) {
        ring.end(pending.revision(), pending);
      }
    }
    ring.publish();
    for (Pending pending : group) {
      sequencer.settled(pending);
      if (pending.revision() == 0) {
        pending.visible();
      }
    }
    return true;
  }

  private boolean fenced(List<Pending> group) {
    sequencer.close(new Failure.LeaderChanged());
    sequencer.giveUp(group, new Failure.LeaderChanged());
    sequencer.abandon(new Failure.LeaderChanged());
    deposed.run();
    return false;
  }

  private boolean settle(List<Pending> group, CommitOutcome.Unknown unknown)
      throws InterruptedException {
    Failure failure = new Failure.OutcomeUnknown();
    group.forEach(pending -> pending.failed(failure));
    long pause = FIRST_PAUSE_MILLIS;
    Fate fate = ask(unknown);
    while (fate == Fate.STILL_UNKNOWN) {
      sequencer.failUnsettled();
      if (closing.await(pause, TimeUnit.MILLISECONDS)) {
        return false;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      fate = ask(unknown);
    }
    if (fate == Fate.COMMITTED) {
      return committed(group);
    }
    sequencer.giveUp(group, new Failure.LeaderChanged());
    return true;
  }

  /** Asks once what became of a commit; an engine that throws does not know yet. */
  private Fate ask(CommitOutcome.Unknown unknown) {
    try {
      return engine.settle(unknown);
    } catch (EngineException e) {
      logger.warn("an engine cannot tell what became of a commit", e);
      return Fate.STILL_UNKNOWN;
    }
  }

  /**
   * Carries out what was decided, then stops; gives up on a commit whose fate stays unknown. To be
   * called when the sequencer is closed.
   */
  void close() throws InterruptedException {
    closing.countDown();
    stopped.await();
  }
}
