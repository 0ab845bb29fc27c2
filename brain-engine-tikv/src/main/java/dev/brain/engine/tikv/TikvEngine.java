// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import dev.brain.engine.WriteBatch;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The distributed engine: one keyspace of a TiKV cluster. */
final class TikvEngine implements Engine {
  private final Gate gate = new Gate();
  private final Connection connection;

  /** Takes over a connection, which it closes. */
  TikvEngine(Connection connection) {
    this.connection = connection;
  }

  @Override
  public Snapshot snapshot() {
    return gate.pass(
        () -> {
          long now = System.nanoTime();
          long timestamp = connection.oracle().next(connection.budget());
          return new TikvSnapshot(
              gate,
              connection.keyspace(),
              connection.reader(),
              connection::budget,
              connection.settings().garbageLife(),
              now,
              timestamp);
        });
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    try (Snapshot snapshot = snapshot()) {
      return snapshot.get(space, key);
    }
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    return gate.pass(
        () -> {
          CommitOutcome outcome = connection.committer().commit(batch);
          if (outcome instanceof CommitOutcome.Committed) {
            connection.collector().committed();
          }
          return outcome;
        });
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    return gate.pass(() -> connection.committer().settle(unknown));
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("parts: " + parts + " (expected: 1 or more)");
    }
    return gate.pass(() -> connection.inventory().splits(space, range, parts, connection.budget()));
  }

  @Override
  public Usage usage() {
    return gate.pass(() -> connection.inventory().usage(connection.budget()));
  }

  /** Does nothing: TiKV gives back what the garbage collection left by itself. */
  @Override
  public void reclaim() {
    gate.requireOpen();
  }

  @Override
  public void checkpoint(Path directory) {
    gate.requireOpen();
    throw new EngineException.Unsupported(
        "the tikv engine keeps no files; TiKV is backed up with its own tools");
  }

  @Override
  public void close() {
    if (gate.close()) {
      connection.close();
    }
  }
}
