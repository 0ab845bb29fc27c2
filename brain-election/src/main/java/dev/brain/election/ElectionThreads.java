// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one election. Whoever makes them ends them, after the election is closed.
 *
 * @param thread the election's thread: exactly one, never blocked, which keeps the times
 * @param blocking runs calls that block, at once: at most two at a time, one of the record and one
 *     {@link Candidate#elected}
 */
public record ElectionThreads(ScheduledExecutorService thread, Executor blocking) {

  /** Runs a task on the election's thread; never if that has ended. */
  void tell(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // Whoever ended the thread has closed the election before: nobody waits for this.
    }
  }

  /**
   * Runs a task on the election's thread later.
   *
   * @param nanos at once if not above 0
   * @return null if the thread has ended
   */
  @Nullable Future<?> schedule(Runnable task, long nanos) {
    try {
      return thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /**
   * Runs a task that blocks.
   *
   * @param rejected called instead if the executor takes no tasks any more
   */
  void block(Runnable task, Consumer<RejectedExecutionException> rejected) {
    try {
      blocking.execute(task);
    } catch (RejectedExecutionException e) {
      rejected.accept(e);
    }
  }
}
