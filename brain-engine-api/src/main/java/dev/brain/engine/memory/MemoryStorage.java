// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Storage that lives as long as this object. It outlives the engines that are opened on it one
 * after another, so that a test can restart what stands on an engine. Thread-safe.
 */
public final class MemoryStorage {
  private final AtomicBoolean inUse = new AtomicBoolean();
  private volatile Version newest = Version.EMPTY;

  /** Empty storage. */
  public MemoryStorage() {}

  /**
   * Opens an engine on everything that was committed here before.
   *
   * @return an engine that the caller must close
   * @throws EngineException.InvalidSettings if an engine is open on this storage
   */
  public Engine open() {
    if (!inUse.compareAndSet(false, true)) {
      throw new EngineException.InvalidSettings(
          "the memory storage is in use by another engine (expected: that one is closed first)",
          null);
    }
    return new MemoryEngine(this);
  }

  /** The content now. */
  Version newest() {
    return newest;
  }

  /** Replaces the content; only the open engine does so, one commit after another. */
  void publish(Version version) {
    newest = version;
  }

  /** Lets the next engine open. */
  void release() {
    inUse.set(false);
  }
}
