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
import java.util.function.LongSupplier;

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
   */

  /** Told when this node may not write any more. */
  interface Deposed {
    void deposed();
  }

  /** The pause between two questions for the fate of a commit. */
  private static final long SETTLE_PAUSE_MILLIS = 200;

  private final Engine engine;
  private final Sequencer sequencer;
  private final PublishRing<Pending> ring;
  private final Condition fence;
  private final long maxBatchBytes;
  private final LongSupplier storedCompactRevision;
  private final Deposed deposed;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  Committer(
      Engine engine,
      Sequencer sequencer,
      PublishRing<Pending> ring,
      Condition fence,
      long maxBatchBytes,
      LongSupplier storedCompactRevision,
      Deposed deposed) {
    this.engine = engine;
    this.sequencer = sequencer;
    this.ring = ring;
    this.fence = fence;
    this.maxBatchBytes = maxBatchBytes;
    this.storedCompactRevision = storedCompactRevision;
    this.deposed = deposed;
  }

  @Override
  public void run() {
    try {
      List<Pending> group = sequencer.take(maxBatchBytes);
      while (!group.isEmpty()) {
        commit(group);
        group = sequencer.take(maxBatchBytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void commit(List<Pending> group) throws InterruptedException {
    WriteBatch batch = new WriteBatch();
    batch.require(fence);
    for (Pending pending : group) {
      pending.writeTo(batch);
    }
    CommitOutcome outcome;
    try {
      outcome = engine.commit(batch);
    } catch (EngineException e) {
      giveUp(group, new Failure.Unreadable(String.valueOf(e.getMessage())));
      return;
    }
    switch (outcome) {
      case CommitOutcome.Committed() -> committed(group);
      case CommitOutcome.ConditionFailed ignored -> {
        sequencer.close();
        giveUp(group, new Failure.LeaderChanged());
        deposed.deposed();
      }
      case CommitOutcome.Unknown unknown -> settle(group, unknown);
    }
  }

  private void committed(List<Pending> group) {
    for (Pending pending : group) {
      if (pending.revision() != 0) {
        ring.end(pending.revision(), pending);
      }
    }
    ring.publish();
    for (Pending pending : group) {
      sequencer.settled(pending);
      if (pending.revision() == 0 && !ring.whenVisible(pending.after(), pending)) {
        pending.visible();
      }
    }
  }

  private void settle(List<Pending> group, CommitOutcome.Unknown unknown)
      throws InterruptedException {
    Failure failure = new Failure.OutcomeUnknown();
    group.forEach(pending -> pending.failed(failure));
    Fate fate = engine.settle(unknown);
    while (fate == Fate.STILL_UNKNOWN) {
      if (closing.await(SETTLE_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
      sequencer.failDecided(failure);
      fate = engine.settle(unknown);
    }
    if (fate == Fate.COMMITTED) {
      committed(group);
    } else {
      giveUp(group, new Failure.LeaderChanged());
    }
  }

  private void giveUp(List<Pending> group, Failure failure) {
    sequencer.giveUp(group, failure, storedCompactRevision.getAsLong());
  }

  /** Carries out what was decided, then stops; gives up on a commit whose fate stays unknown. */
  void close() throws InterruptedException {
    sequencer.close();
    closing.countDown();
    stopped.await();
  }
}
