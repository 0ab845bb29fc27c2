// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs reads on a pool; connections whose reads wait for a thread take turns. Thread-safe. */
public final class ReadQueue {
  /*
   * The queue of a pool is served in order of arrival: a client that asks for a thousand lists at once
   * would have all others wait for them. So the pool gets no more tasks than it has threads, and what
   * waits is here.
   *
   * Invariant, under the lock: while something waits, `running` workers are in the pool, and each of them
   * takes the next read when it has ended one.
   */

  private final Executor pool;
  private final int most;

  @GuardedBy("this")
  private final ConnectionQueue<Runnable> waiting;

  @GuardedBy("this")
  private int running;

  /**
   * A queue before a pool.
   *
   * @param pool runs what blocks
   * @param most reads that run at a time; at least 1
   * @param mostWaiting reads that may wait; half as many of one connection
   */
  public ReadQueue(Executor pool, int most, int mostWaiting) {
    this.pool = pool;
    this.most = most;
    this.waiting = new ConnectionQueue<>(mostWaiting);
  }

  /**
   * Runs a read in its turn.
   *
   * @param read must not throw
   * @throws RejectedExecutionException if too many wait
   */
  void execute(Connection connection, Runnable read) {
    synchronized (this) {
      if (running == most) {
        if (!waiting.add(connection, read)) {
          throw new RejectedExecutionException("too many reads wait");
        }
        return;
      }
      running++;
    }
    try {
      pool.execute(() -> work(read));
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        running--;
      }
      throw e;
    }
  }

  private void work(Runnable first) {
    Runnable read = first;
    while (read != null) {
      read.run();
      read = next();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    if (next == null) {
      running--;
    }
    return next;
  }
}
