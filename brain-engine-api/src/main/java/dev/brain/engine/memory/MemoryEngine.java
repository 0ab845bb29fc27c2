// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import dev.brain.engine.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The engine of a {@link MemoryStorage}. Thread-safe. */
final class MemoryEngine implements Engine {

  /*
   * All content hangs on one immutable Version.
   *
   *  1. A commit holds the lock while it checks its conditions against the newest version, builds
   *     the next one beside it and publishes that with one volatile write. So commits take effect
   *     one after another, and whole.
   *  2. A reader takes the newest version once and never looks for a newer one. It needs no lock,
   *     delays nobody, and cannot be disturbed.
   *  3. A commit costs its operations times the height of the trees, a snapshot one reference. What
   *     no version in use refers to, the garbage collector takes.
   *  4. A commit and close() exclude each other, so no commit reaches the storage after close().
   */
  private final MemoryStorage storage;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed;

  MemoryEngine(MemoryStorage storage) {
    this.storage = storage;
  }

  @Override
  public Snapshot snapshot() {
    requireOpen();
    return new MemorySnapshot(this, storage.newest());
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    requireOpen();
    return storage.newest().get(space, key);
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    lock.lock();
    try {
      requireOpen();
      Version before = storage.newest();
      ConditionFailed failed = before.check(batch);
      if (failed != null) {
        return failed;
      }
      storage.publish(before.apply(batch));
      return new CommitOutcome.Committed();
    } finally {
      lock.unlock();
    }
  }

  /** Always refuses: this engine knows the outcome of each of its commits. */
  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    requireOpen();
    throw new IllegalArgumentException("unknown: an outcome that another engine returned");
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    requireOpen();
    if (parts < 1) {
      throw new IllegalArgumentException("parts: " + parts + " (expected: 1 or more)");
    }
    if (range.isEmpty()) {
      return List.of();
    }
    Node tree = storage.newest().root(space);
    byte[] end = range.end();
    int first = Node.rank(tree, range.start());
    int count = (end == null ? Node.size(tree) : Node.rank(tree, end)) - first;
    int wanted = Math.min(parts, count);
    List<byte[]> borders = new ArrayList<>();
    for (int part = 1; part < wanted; part++) {
      borders.add(Node.select(tree, first + (int) ((long) part * count / wanted)).clone());
    }
    return borders;
  }

  /** The bytes of keys and values, without what the heap needs around them. */
  @Override
  public Usage usage() {
    requireOpen();
    long bytes = storage.newest().bytes();
    return new Usage(bytes, bytes);
  }

  /** Has nothing to do: the garbage collector reclaims. */
  @Override
  public void reclaim() {
    requireOpen();
  }

  @Override
  public void checkpoint(Path directory) {
    requireOpen();
    throw new EngineException.Unsupported("the memory engine has no files to copy");
  }

  void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the engine is closed");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        storage.release();
      }
    } finally {
      lock.unlock();
    }
  }
}
