// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.List;

/** Opens engines of one kind; found by {@link java.util.ServiceLoader}. */
public interface EngineFactory {

  /** The name that chooses this kind of engine, in lower case: {@code rocksdb}. */
  String name();

  /** The settings that this kind of engine understands. */
  List<EngineOption> options();

  /**
   * Opens an engine, creating empty storage if there is none.
   *
   * @return an engine that the caller must close
   * @throws EngineException.InvalidSettings if an option is unknown or bad, or the storage is in
   *     use by another process
   * @throws EngineException.Corrupted if the storage is damaged, is known to lack data that was
   *     once made durable, or was written by a newer format
   * @throws EngineException.Unavailable if the storage cannot be reached
   */
  Engine open(EngineSettings settings);
}
