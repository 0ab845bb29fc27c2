// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine that asks another one; what a wrapper does otherwise it overrides. */
public abstract class ForwardingEngine implements Engine {
  private final Engine delegate;

  protected ForwardingEngine(Engine delegate) {
    this.delegate = delegate;
  }

  @Override
  public Snapshot snapshot() {
    return delegate.snapshot();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return delegate.get(space, key);
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    return delegate.commit(batch);
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    return delegate.settle(unknown);
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    return delegate.splits(space, range, parts);
  }

  @Override
  public Usage usage() {
    return delegate.usage();
  }

  @Override
  public void reclaim() {
    delegate.reclaim();
  }

  @Override
  public void checkpoint(Path directory) {
    delegate.checkpoint(directory);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
