// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.FailureException;

/** The part of a read that blocks. */
interface ReadStep {
  /**
   * Reads.
   *
   * @param reserved the bytes that are reserved for the answer; 0 at first
   */
  Outcome run(long reserved) throws FailureException;

  /** What came of it. */
  sealed interface Outcome {
    /**
     * An answer.
     *
     * @param bytes its size
     * @param single whether it is of a single key, which does not wait for bytes but is refused
     * @param send sends it
     */
    record Answer(long bytes, boolean single, Runnable send) implements Outcome {}

    /** More bytes must be reserved first; the step is run again then. */
    record NeedsBytes(long bytes) implements Outcome {}
  }
}
