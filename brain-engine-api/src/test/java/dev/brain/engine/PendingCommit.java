// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import dev.brain.engine.CommitOutcome.Unknown;
import dev.brain.engine.WriteBatch.Operation;
import org.jspecify.annotations.Nullable;

/** The token of an unknown outcome that a {@link FaultyEngine} made up. Thread-safe. */
final class PendingCommit {

  /*
   * The fate is decided once: by the outcome below if the batch was handed on, which happens in the
   * commit, in land() or in settle(), whichever comes first; else it is not committed.
   */
  private final Engine below;
  private final @Nullable WriteBatch late;
  private @Nullable CommitOutcome outcome;
  private int stillUnknown;

  private PendingCommit(
      Engine below, @Nullable WriteBatch late, @Nullable CommitOutcome outcome, int stillUnknown) {
    this.below = below;
    this.late = late;
    this.outcome = outcome;
    this.stillUnknown = stillUnknown;
  }

  /** A batch that is handed on now. */
  static PendingCommit applied(Engine below, WriteBatch batch, int stillUnknown) {
    return new PendingCommit(below, null, below.commit(batch), stillUnknown);
  }

  /** A batch that is never handed on. */
  static PendingCommit notApplied(Engine below, int stillUnknown) {
    return new PendingCommit(below, null, null, stillUnknown);
  }

  /** A batch that is handed on later, as it is now. */
  static PendingCommit late(Engine below, WriteBatch batch, int stillUnknown) {
    return new PendingCommit(below, copyOf(batch), null, stillUnknown);
  }

  synchronized void land() {
    if (late != null && outcome == null) {
      outcome = below.commit(late);
    }
  }

  synchronized Fate settle() {
    if (stillUnknown > 0) {
      stillUnknown--;
      return Fate.STILL_UNKNOWN;
    }
    land();
    return switch (outcome) {
      case null -> Fate.NOT_COMMITTED;
      case CommitOutcome.Committed _ -> Fate.COMMITTED;
      case CommitOutcome.ConditionFailed _ -> Fate.NOT_COMMITTED;
      case Unknown unknown -> below.settle(unknown);
    };
  }

  /** The caller may change its arrays once the commit has returned. */
  private static WriteBatch copyOf(WriteBatch batch) {
    WriteBatch copy = new WriteBatch(batch.durability());
    for (Operation operation : batch.operations()) {
      switch (operation) {
        case Operation.Put(Space space, byte[] key, byte[] value) ->
            copy.put(space, key.clone(), value.clone());
        case Operation.Delete(Space space, byte[] key) -> copy.delete(space, key.clone());
        case Operation.DeleteRange(Space space, KeyRange range) ->
            copy.deleteRange(space, copyOf(range));
      }
    }
    for (Condition condition : batch.conditions()) {
      byte[] key = condition.key().clone();
      copy.require(
          switch (condition) {
            case Condition.Exists exists -> new Condition.Exists(exists.space(), key);
            case Condition.Absent absent -> new Condition.Absent(absent.space(), key);
            case Condition.Holds holds ->
                new Condition.Holds(holds.space(), key, holds.value().clone());
          });
    }
    return copy;
  }

  private static KeyRange copyOf(KeyRange range) {
    byte[] end = range.end();
    return new KeyRange(range.start().clone(), end == null ? null : end.clone());
  }
}
