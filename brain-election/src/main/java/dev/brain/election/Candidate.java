// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;

/**
 * What a node does when it becomes leader and when it stops being leader.
 *
 * <p>Calls of {@link #elected} and {@link #deposed} come in pairs: each begun {@code elected()} is
 * followed by exactly one {@code deposed()}, and the next {@code elected()} does not begin before
 * both of these have returned. Nothing is called after {@link Election#close} returned.
 */
public interface Candidate {

  /**
   * This node leads from now on. May take as long as it needs, to claim the {@link Epoch} and to
   * recover: it runs on the executor for blocking work, and the leadership is renewed meanwhile.
   *
   * <p>{@link #deposed} may overtake it: it is then called on another thread while this method
   * still runs. What this method was building must not be put to use then. By the time it begins
   * {@link Election#leads} may already be false again.
   *
   * @throws RuntimeException if this node cannot lead now. That is logged in one line; {@link
   *     #deposed} is called, the leadership is given up so that another node can try, and this node
   *     takes part again after a lease
   */
  void elected();

  /**
   * This node does not lead any more; {@link Election#leads} is already false. Called on the
   * election's thread, on time even if the record cannot be reached, so it must not block: it ends
   * what only a leader may do, and leaves the rest to other threads. When leadership is given up
   * ({@link Election#resign}), nobody else can lead before this method has returned.
   */
  void deposed();

  /**
   * Somebody else is leader now, or this node is, or nobody is known to be. Called on the
   * election's thread, each time {@link Election#leader} changes; must not block.
   *
   * @param leader the leader, or empty if there is none or its lease ran out
   */
  void observed(Optional<Leader> leader);
}
