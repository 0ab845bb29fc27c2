// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What shall happen to one commit of a {@link FaultyEngine}: how it ends, and where it is held.
 * Finish the plan before giving it to the engine; afterwards it is the handle of that commit. Any
 * thread may wait and release.
 */
public final class CommitPlan {
  private static final long PATIENCE_SECONDS = 60;

  /** How the commit ends. */
  enum End {
    PASSED,
    UNKNOWN_APPLIED,
    UNKNOWN_NOT_APPLIED,
    UNKNOWN_LATE,
    REFUSED,
    CONDITION_FAILED
  }

  private enum Hold {
    NOWHERE,
    BEFORE,
    AFTER
  }

  private final End end;
  private final byte @Nullable [] current;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private Hold hold = Hold.NOWHERE;
  private int stillUnknown;

  private CommitPlan(End end, byte @Nullable [] current) {
    this.end = end;
    this.current = current;
  }

  /** The commit does what the engine below makes of it. Worth planning only to be held. */
  public static CommitPlan passed() {
    return new CommitPlan(End.PASSED, null);
  }

  /**
   * The batch is applied during the commit, but the outcome is unknown. It settles as committed, or
   * as not committed if one of its conditions did not hold.
   */
  public static CommitPlan unknownApplied() {
    return new CommitPlan(End.UNKNOWN_APPLIED, null);
  }

  /** The outcome is unknown, and the batch is never applied. */
  public static CommitPlan unknownNotApplied() {
    return new CommitPlan(End.UNKNOWN_NOT_APPLIED, null);
  }

  /**
   * The outcome is unknown, and the batch is still on its way: it is applied, if its conditions
   * hold then, when {@link FaultyEngine#land} is called or else when it is settled.
   */
  public static CommitPlan unknownLate() {
    return new CommitPlan(End.UNKNOWN_LATE, null);
  }

  /** The commit throws {@link EngineException.Unavailable}, and nothing is applied. */
  public static CommitPlan refused() {
    return new CommitPlan(End.REFUSED, null);
  }

  /**
   * The commit fails as if its first condition had not held; nothing is applied. For a batch that
   * has conditions.
   *
   * @param current the value that the key is said to have, or null for none
   */
  public static CommitPlan conditionFailed(byte @Nullable [] current) {
    return new CommitPlan(End.CONDITION_FAILED, current);
  }

  /** Settling answers {@link Fate#STILL_UNKNOWN} this many times before it gives the fate. */
  public CommitPlan stillUnknown(int times) {
    stillUnknown = times;
    return this;
  }

  /** The commit waits for {@link #release} before anything else happens. */
  public CommitPlan heldBefore() {
    hold = Hold.BEFORE;
    return this;
  }

  /** The commit waits for {@link #release} after all has happened, before it returns. */
  public CommitPlan heldAfter() {
    hold = Hold.AFTER;
    return this;
  }

  /**
   * Waits until a commit has taken this plan, and if it is held, has come to that place.
   *
   * @throws AssertionError if that does not happen within a minute
   */
  public void awaitArrival() {
    if (!await(arrived)) {
      throw new AssertionError("no commit took the plan, or it did not come to where it is held");
    }
  }

  /** Lets the held commit go on; may be called before it arrives. An interrupt does the same. */
  public void release() {
    released.countDown();
  }

  End end() {
    return end;
  }

  int stillUnknown() {
    return stillUnknown;
  }

  byte @Nullable [] current() {
    return current;
  }

  /** Called by the commit before it does anything. */
  void before() {
    if (hold != Hold.AFTER) {
      arrived.countDown();
    }
    if (hold == Hold.BEFORE) {
      awaitRelease();
    }
  }

  /** Called by the commit when it has done everything. */
  void after() {
    arrived.countDown();
    if (hold == Hold.AFTER) {
      awaitRelease();
    }
  }

  private void awaitRelease() {
    if (!await(released)) {
      throw new AssertionError("nobody released the held commit");
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
