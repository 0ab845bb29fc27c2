// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The right to write, until a later epoch is claimed.
 *
 * @param number the epoch; at least 1, raised by each claim
 */
public record Epoch(long number) {
  /*
   * Fencing.
   *
   * The engine holds one row fence/<shard>/<epoch> for the epoch that may write. A claim deletes every
   * older fence and puts its own, in one commit that is conditional on the epoch record. Invariants:
   *
   *  1. Each commit of a leader requires the fence of its epoch to exist. Deciding this inside the
   *     engine's commit, and not by a clock, is what makes a paused leader harmless.
   *  2. A claim deletes the old fence, it does not overwrite it: an old fence is absent for ever.
   *  3. When a claim has returned, everything that an older epoch had in flight is settled: it either
   *     committed before the claim, and is seen by reads after it, or it can never commit.
   *
   * There is one shard now. Several shards let several batches of one leader be under way at once.
   */

  private static final byte[] RECORD = "epoch".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FENCES = "fence/".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FENCE_OF_SHARD_0 = "fence/0/".getBytes(StandardCharsets.US_ASCII);

  /** How often an unknown outcome is asked for before a claim gives up. */
  private static final int SETTLE_ATTEMPTS = 10;

  /**
   * Takes the next epoch, which ends every older one.
   *
   * @throws EngineException.Unavailable if another claim won the race, or the outcome could not be
   *     found out; claiming again is safe
   */
  public static Epoch claim(Engine engine) {
    WriteBatch batch = new WriteBatch();
    long next;
    try (Snapshot snapshot = engine.snapshot()) {
      byte[] current = snapshot.get(Space.META, RECORD);
      if (current == null) {
        next = 1;
        batch.require(new Condition.Absent(Space.META, RECORD));
      } else {
        next = number(current) + 1;
        batch.require(new Condition.Holds(Space.META, RECORD, current));
      }
      try (Cursor fences = snapshot.scan(Space.META, KeyRange.prefix(FENCES), ScanOptions.KEYS)) {
        while (fences.next()) {
          batch.delete(Space.META, fences.key());
        }
      }
    }
    Epoch epoch = new Epoch(next);
    batch.put(Space.META, RECORD, bytes(next));
    batch.put(Space.META, epoch.fenceKey(), new byte[0]);
    return switch (engine.commit(batch)) {
      case CommitOutcome.Committed() -> epoch;
      case CommitOutcome.ConditionFailed ignored ->
          throw new EngineException.Unavailable(
              "epoch " + next + " was claimed by another node", null);
      case CommitOutcome.Unknown unknown -> settled(engine, unknown, epoch);
    };
  }

  private static Epoch settled(Engine engine, CommitOutcome.Unknown unknown, Epoch epoch) {
    for (int attempt = 0; attempt < SETTLE_ATTEMPTS; attempt++) {
      Fate fate = engine.settle(unknown);
      if (fate == Fate.COMMITTED) {
        return epoch;
      }
      if (fate == Fate.NOT_COMMITTED) {
        break;
      }
    }
    throw new EngineException.Unavailable(
        "epoch " + epoch.number() + " could not be claimed", unknown.cause());
  }

  /** The condition that each commit of this epoch carries. */
  public Condition fence() {
    return new Condition.Exists(Space.META, fenceKey());
  }

  private byte[] fenceKey() {
    return ByteBuffer.allocate(FENCE_OF_SHARD_0.length + Long.BYTES)
        .put(FENCE_OF_SHARD_0)
        .putLong(number)
        .array();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static long number(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw new EngineException.Corrupted(
          "epoch record: " + bytes.length + " bytes (expected: 8 bytes)", null);
    }
    return ByteBuffer.wrap(bytes).getLong();
  }
}
