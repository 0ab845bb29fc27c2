// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;

/**
 * A request that has to be ordered.
 *
 * <p>Its life: {@link #prepare} on the caller's thread, {@link #decide} in its turn, {@link
 * #release}; if it is refused or has no decision, {@link #fail} instead of an answer.
 */
interface Command {

  /**
   * Whether the decision needs to read ranges from the engine. It is then made when everything
   * decided before is in the engine and nothing is under way.
   */
  boolean needsSettledEngine();

  /** How many bytes of keys and values this holds while it waits, roughly; beside a fixed cost. */
  default long bytes() {
    return 0;
  }

  /** Pins and loads what the decision needs. Blocks for point reads at most. */
  void prepare();

  /**
   * Decides, in the one total order. May change {@code state} only if it returns normally.
   *
   * @throws FailureException if the request has no result
   */
  Decision decide(OrderedState state) throws FailureException;

  /** Gives up what {@link #prepare} pinned. Called once, whatever happened. */
  void release();

  /** Answers that there is no result. */
  void fail(Failure failure);
}
