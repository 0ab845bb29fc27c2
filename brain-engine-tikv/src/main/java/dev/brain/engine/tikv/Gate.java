// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets calls in until it is closed, which waits for those who are inside. Thread-safe. */
final class Gate {
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closed;
  private boolean ended; // guarded by the write lock

  /**
   * Runs a call.
   *
   * @throws EngineException.Closed if the gate is closed
   */
  <T extends @Nullable Object> T pass(Supplier<T> call) {
    requireOpen(); // also for those who would wait in vain behind one that closes
    lock.readLock().lock();
    try {
      requireOpen();
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Throws if the gate is closed. */
  void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the engine is closed");
    }
  }

  /** Closes; returns false if that was done before. */
  boolean close() {
    closed = true; // who comes from now on is refused; the lock waits for those who are inside
    lock.writeLock().lock();
    try {
      boolean first = !ended;
      ended = true;
      return first;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
