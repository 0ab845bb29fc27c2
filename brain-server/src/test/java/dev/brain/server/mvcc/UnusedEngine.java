// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import dev.brain.engine.WriteBatch;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine that refuses everything but what a test overrides. */
abstract class UnusedEngine implements Engine {
  @Override
  public Snapshot snapshot() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Usage usage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reclaim() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkpoint(Path directory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
