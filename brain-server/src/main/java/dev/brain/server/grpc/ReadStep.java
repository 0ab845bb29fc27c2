// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.ReadMeter;

/** The part of a read that blocks. May be run again if it was ended by the meter. */
interface ReadStep {
  /**
   * Reads.
   *
   * @param meter to be asked while the answer grows
   * @throws FailureException also if the meter has ended the read
   */
  Answer run(ReadMeter meter) throws FailureException;

  /**
   * What was read.
   *
   * @param bytes the size of the answer
   * @param single whether it is of single keys, which do not wait for bytes but are refused
   * @param send sends it
   */
  record Answer(long bytes, boolean single, Runnable send) {}
}
