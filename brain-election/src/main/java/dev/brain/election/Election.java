// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;

/**
 * Decides which node should lead. Thread-safe.
 *
 * <p>An election is about liveness and about reads. That an old leader writes nothing is not its
 * business: {@link Epoch} fences writes in the engine, whatever an election says.
 */
public interface Election extends AutoCloseable {

  /**
   * Begins to take part. Returns at once; never fails because the leader's record cannot be reached
   * now, since that is tried again and again.
   *
   * @param candidate what to tell; on which threads, see there
   * @throws IllegalStateException if it was started or closed before
   */
  void start(Candidate candidate);

  /**
   * Whether this node surely still leads at the moment of the call. It is true only while the
   * monotonic clock is within the renew deadline, counted from before the last successful renewal
   * was sent, and nobody else can lead before a whole lease has passed since then. So it turns
   * false in time although no thread runs (a hanging call, a stopped process). Costs one reading of
   * the clock.
   *
   * <p>To prove a read linearizable: take the watermark, then ask this, then answer.
   */
  boolean leads();

  /**
   * The leader as this node sees it; this node itself while it {@linkplain #leads leads}.
   *
   * @return empty if there is none, or if its lease ran out by this node's clock
   */
  Optional<Leader> leader();

  /**
   * Gives leadership up at once, for SIGTERM and MoveLeader. {@link #leads} is false and {@link
   * Candidate#deposed} has returned before the record is released, so that another node takes over
   * when it looks next, within one retry period. This node stands back for a lease.
   *
   * <p>Blocks until the record is released, or for at most the renew deadline. Must not be called
   * on the election's thread.
   *
   * @param successor the identity of the node that should take over; others leave it two retry
   *     periods to do so. Empty if any node may
   * @return whether this call released the record. False if this node did not lead, or if the
   *     record could not be written: then others take over when the lease has run out
   */
  boolean resign(Optional<String> successor);

  /**
   * Takes part no longer. Leadership is given up first, as by {@link #resign}. An {@link
   * Candidate#elected} that still runs is not waited for. Closing again does nothing. The executors
   * that were passed in stay open.
   */
  @Override
  void close();
}
