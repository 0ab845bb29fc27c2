// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/** What the sequencer made of a request. */
sealed interface Decision {
  /** It changes something and goes to the engine. */
  record Write(Pending pending) implements Decision {}

  /**
   * It changes nothing.
   *
   * @param after the newest revision that it saw; the answer waits until that is visible
   */
  record NoWrite(long after, Answer answer) implements Decision {}
}
