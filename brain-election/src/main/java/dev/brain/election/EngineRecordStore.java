// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the leader's record as a row of the engine that the nodes share. */
public final class EngineRecordStore implements LeaderRecordStore {
  /** The row in the meta space; nothing else uses it. */
  static final byte[] ROW = "leader".getBytes(StandardCharsets.US_ASCII);

  private final Engine engine;

  /**
   * The last write if nobody knows yet what became of it. Read and written by one call at a time.
   */
  private CommitOutcome.@Nullable Unknown unsettled;

  /**
   * A store in an engine.
   *
   * @param engine must outlive this store, which does not close it
   */
  public EngineRecordStore(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Optional<Stored> read() {
    if (unsettled != null) {
      if (engine.settle(unsettled) == Fate.STILL_UNKNOWN) {
        throw new EngineException.Unavailable(
            "the outcome of the last write is not known yet", unsettled.cause());
      }
      unsettled = null;
    }
    byte[] row = engine.get(Space.META, ROW);
    return row == null ? Optional.empty() : Optional.of(stored(row));
  }

  @Override
  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
    byte[] row = LeaderRecordCodec.encode(next);
    WriteBatch batch =
        new WriteBatch()
            .require(
                expected.isEmpty()
                    ? new Condition.Absent(Space.META, ROW)
                    : new Condition.Holds(Space.META, ROW, (byte[]) expected.get().version()))
            .put(Space.META, ROW, row);
    return switch (engine.commit(batch)) {
      case CommitOutcome.Committed() -> new Outcome.Written(new Stored(next, row));
      case CommitOutcome.ConditionFailed _ -> new Outcome.Lost();
      case CommitOutcome.Unknown unknown -> {
        unsettled = unknown;
        yield new Outcome.Uncertain(unknown.cause());
      }
    };
  }

  /** Nobody deletes this row. */
  @Override
  public boolean canVanish() {
    return false;
  }

  @Override
  public String toString() {
    return "leader record in the engine";
  }

  /** Does nothing; the engine is not this store's. */
  @Override
  public void close() {}

  private static Stored stored(byte[] row) {
    return new Stored(LeaderRecordCodec.decode(row), row);
  }
}
