// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import java.util.List;

/**
 * The state as it will be when everything decided so far is visible. Only touched by the thread
 * whose turn it is; see {@link Sequencer}.
 */
final class OrderedState {
  private final Engine engine;
  private final HeadCache heads;
  private final LeaseTable leases;
  private long revision;
  private long assigned;
  private long compactRevision;

  /**
   * @param compactRevision the last compaction, or -1 if there was none
   */
  OrderedState(
      Engine engine, HeadCache heads, LeaseTable leases, long revision, long compactRevision) {
    this.engine = engine;
    this.heads = heads;
    this.leases = leases;
    this.revision = revision;
    this.assigned = revision;
    this.compactRevision = compactRevision;
  }

  /** For reading ranges; only by commands that need a settled engine. */
  Engine engine() {
    return engine;
  }

  HeadCache heads() {
    return heads;
  }

  LeaseTable leases() {
    return leases;
  }

  /** The newest revision that was decided and not given up. */
  long revision() {
    return revision;
  }

  /** The revision that {@link #assign} gives next; above every one that was ever assigned. */
  long next() {
    return assigned + 1;
  }

  /** Assigns the next revision to changes. The decision that calls this can no longer fail. */
  long assign(List<Change> changes) {
    revision = ++assigned;
    leases.apply(changes);
    for (Change change : changes) {
      heads.assign(change.head(), change.after());
    }
    return revision;
  }

  /** The newest compaction that was decided, or -1 if there was none. */
  long compactRevision() {
    return compactRevision;
  }

  void compact(long newCompactRevision) {
    compactRevision = newCompactRevision;
  }

  /**
   * Takes back decisions that will never be committed: everything is as if they had not been made,
   * but their revisions are not assigned again.
   *
   * @param lost all decisions behind the last commit, in their order; their heads are pinned
   * @param committed the newest revision that is committed
   */
  void giveUp(List<Pending> lost, long committed) {
    for (Pending pending : lost.reversed()) {
      pending.effect().undone();
      leases.revert(pending.changes());
      for (Change change : pending.changes()) {
        heads.assign(change.head(), change.before());
      }
    }
    revision = committed;
  }
}
