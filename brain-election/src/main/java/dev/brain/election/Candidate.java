// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;

/**
 * What a node does when it becomes leader and when it stops being leader.
 *
 * <p>Calls of {@link #elected} and {@link #deposed} come in pairs with one term: each begun {@code
 * elected} is followed by exactly one {@code deposed}, and no later {@code elected} begins before
 * both have returned. Terms rise. No call begins after {@link Election#close} returned.
 */
public interface Candidate {

  /**
   * This node leads from now on. May take the time it needs to claim the {@link Epoch} and to
   * recover: it runs on the executor for blocking work, and the leadership is renewed meanwhile. It
   * must end at some time, since nobody else leads before.
   *
   * <p>{@link #deposed} may overtake it: it is then called on the election's thread while this
   * method still runs, even before its first line. So keep the term that was deposed, and compare
   * it under one lock with putting to use what was built here.
   *
   * @param term the {@linkplain Leader#term() term} of this leadership
   * @throws RuntimeException if this node cannot lead now. That is logged in one line; {@link
   *     #deposed} is called, the leadership is given up so that another node can try, and this node
   *     stands back for a lease
   */
  void elected(long term);

  /**
   * This node does not lead any more; {@link Election#leads} is already false. Called on the
   * election's thread, on time even if the record cannot be reached, so it must not block: it ends
   * what only a leader may do, and leaves the rest to other threads. When leadership is given up
   * ({@link Election#resign}), nobody else can lead before this method has returned.
   *
   * @param term the term that has ended
   */
  void deposed(long term);

  /**
   * Somebody else is leader now, or this node is, or nobody is known to be. Called on the
   * election's thread, each time {@link Election#leader} changes; must not block.
   *
   * @param leader the leader, or empty if there is none or its lease ran out
   */
  void observed(Optional<Leader> leader);
}
