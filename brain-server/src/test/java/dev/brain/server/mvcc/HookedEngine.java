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

/** An engine that can be made to throw what no engine may throw, or to count its calls. */
final class HookedEngine implements Engine {
  private final Engine below;
  volatile Runnable beforeCommit = () -> {};
  volatile Runnable beforeSettle = () -> {};
  volatile Runnable beforeGet = () -> {};
  volatile Runnable beforeSnapshot = () -> {};

  HookedEngine(Engine below) {
    this.below = below;
  }

  @Override
  public Snapshot snapshot() {
    beforeSnapshot.run();
    return below.snapshot();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    beforeGet.run();
    return below.get(space, key);
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    beforeCommit.run();
    return below.commit(batch);
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    beforeSettle.run();
    return below.settle(unknown);
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    return below.splits(space, range, parts);
  }

  @Override
  public Usage usage() {
    return below.usage();
  }

  @Override
  public void reclaim() {
    below.reclaim();
  }

  @Override
  public void checkpoint(Path directory) {
    below.checkpoint(directory);
  }

  @Override
  public void close() {
    below.close();
  }
}
