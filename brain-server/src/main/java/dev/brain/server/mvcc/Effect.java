// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * What a decided request does beside writing its rows. One of the two methods is called once,
 * whatever the client was told.
 */
interface Effect {
  /** None. */
  Effect NONE = new Effect() {};

  /** Its rows are durable and visible. Called by the committer, in the order of commits. */
  default void applied() {}

  /** It was given up. Takes back what the decision did to the ordered state; in the turn. */
  default void undone() {}
}
