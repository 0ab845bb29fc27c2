// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Failure;

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

  /** The state does not allow it; the answer waits until that state is visible. */
  record Refused(Failure failure) implements Decision {}

  /** It could not be decided, whatever the state. */
  record Undecided(Failure failure) implements Decision {}
}
