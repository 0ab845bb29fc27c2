// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;

/**
 * Keeps native memory from being used after it was freed: users come and go inside the time that it
 * is valid, and the end of that time waits for those who are inside.
 *
 * <p>Thread-safe. Not reentrant: who is inside must not enter again or ask for the end.
 */
final class Tenure {

  /** Why a tenure ended. */
  enum End {
    /** By its owner. */
    CLOSED,
    /** By the engine, which had to open its database anew. */
    REOPENED
  }

  private final StampedLock lock = new StampedLock();
  private final String name;
  private volatile @org.jspecify.annotations.Nullable End end;

  /**
   * A tenure that has begun.
   *
   * @param name what it is the time of, for messages: "the cursor"
   */
  Tenure(String name) {
    this.name = name;
  }

  /**
   * Begins a use.
   *
   * @return what {@link #exit} needs
   * @throws EngineException.Closed if the owner ended the tenure
   * @throws EngineException.Unavailable if the engine ended it
   */
  long enter() {
    long stamp = lock.readLock();
    End ended = end;
    if (ended == null) {
      return stamp;
    }
    lock.unlockRead(stamp);
    throw switch (ended) {
      case CLOSED -> new EngineException.Closed(name + " is closed");
      case REOPENED ->
          new EngineException.Unavailable(
              name + " ended because the storage was opened anew after a failed write", null);
    };
  }

  /** Ends a use. */
  void exit(long stamp) {
    lock.unlockRead(stamp);
  }

  /**
   * Ends the tenure as soon as nobody is inside, and then frees what it protects. Once ended it
   * stays so, for the first reason given, and nothing is freed again.
   *
   * @param patience how long to wait for those inside, in nanoseconds
   * @return false if somebody was still inside and nothing happened
   */
  boolean end(End reason, long patience, Runnable free) {
    long stamp;
    try {
      stamp = lock.tryWriteLock(patience, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (stamp == 0) {
      return false;
    }
    try {
      if (end == null) {
        end = reason;
        free.run();
      }
      return true;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** As {@link #end(End, long, Runnable)}, and waits as long as it takes. */
  void end(End reason, Runnable free) {
    long stamp = lock.writeLock();
    try {
      if (end == null) {
        end = reason;
        free.run();
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
