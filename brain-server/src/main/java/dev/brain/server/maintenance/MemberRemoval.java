// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

/** Takes members off the list. Thread-safe. */
public interface MemberRemoval {
  /** What became of it. */
  enum Outcome {
    /** The member is off the list. */
    REMOVED,
    /** No such member is on the list. */
    NOT_FOUND,
    /** The member is alive, and stays. */
    ALIVE
  }

  /**
   * Removes a member that is gone. Blocks for some seconds at the most.
   *
   * @throws dev.brain.engine.EngineException if the list cannot be read or written
   */
  Outcome remove(long id);
}
