// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

/** Is told how far a run is. */
public interface Progress {

  /** What a run is doing. */
  enum Phase {
    /** Bringing the server into the state the operations need. */
    PREPARING,
    /** Operations run and are not measured. */
    WARMING_UP,
    /** Operations run and are measured. */
    MEASURING,
    /** The last outcomes are awaited. */
    ENDING
  }

  /**
   * A run has come so far.
   *
   * @param seconds since the first operation
   * @param completed operations with an outcome, of any kind, since then
   * @param errors how many of them failed
   */
  void at(Phase phase, double seconds, long completed, long errors);
}
