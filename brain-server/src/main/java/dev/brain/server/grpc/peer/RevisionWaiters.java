// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.server.grpc.EtcdStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Those who wait until this node has reached a revision. Thread-safe. */
public final class RevisionWaiters {
  /*
   * Invariants:
   *  1. A waiter is run or refused once: by whoever has taken it out of the queue, under the lock.
   *  2. Whoever waits for a revision that was reached is not in the queue.
   *
   * Who waits for too long is refused. Waiters time out in groups, those of a quarter of the patience
   * together, so that a timer is not needed for each.
   */

  private static final int GROUPS = 4;

  private static final class Waiter {
    private final long revision;
    private final Runnable begin;
    private final Consumer<EtcdStatus> refuse;
    private int age;

    Waiter(long revision, Runnable begin, Consumer<EtcdStatus> refuse) {
      this.revision = revision;
      this.begin = begin;
      this.refuse = refuse;
    }
  }

  private final ScheduledExecutorService timer;
  private final long groupNanos;

  @GuardedBy("this")
  private final PriorityQueue<Waiter> queue =
      new PriorityQueue<>(Comparator.comparingLong(waiter -> waiter.revision));

  @GuardedBy("this")
  private long reached;

  @GuardedBy("this")
  private boolean timed;

  /** What everybody is told who would have to wait, once this node reaches nothing any more. */
  @GuardedBy("this")
  private @Nullable EtcdStatus ended;

  /**
   * Nobody waits yet.
   *
   * @param reached the revision that this node has
   * @param timer runs what is quick at a later time
   * @param patience how long one waits, and up to a quarter more
   */
  public RevisionWaiters(long reached, ScheduledExecutorService timer, Duration patience) {
    this.reached = reached;
    this.timer = timer;
    this.groupNanos = patience.toNanos() / GROUPS;
  }

  /**
   * Runs something as soon as a revision is reached; at once, on this thread, if it is.
   *
   * @param refuse told if that takes too long, or will not be
   */
  void await(long revision, Runnable begin, Consumer<EtcdStatus> refuse) {
    EtcdStatus refusal;
    synchronized (this) {
      boolean wait = revision > reached;
      refusal = wait ? ended : null;
      if (wait && refusal == null) {
        queue.add(new Waiter(revision, begin, refuse));
        startTimer();
        return;
      }
    }
    if (refusal == null) {
      begin.run();
    } else {
      refuse.accept(refusal);
    }
  }

  /** This node has a revision and all before it. */
  public void reached(long revision) {
    List<Waiter> ready = new ArrayList<>();
    synchronized (this) {
      reached = Math.max(reached, revision);
      while (!queue.isEmpty() && queue.peek().revision <= reached) {
        ready.add(queue.remove());
      }
    }
    ready.forEach(waiter -> waiter.begin.run());
  }

  /** Refuses everybody, also who comes later: this node will not reach anything any more. */
  public void refuseAll(EtcdStatus status) {
    List<Waiter> all;
    synchronized (this) {
      ended = status;
      all = List.copyOf(queue);
      queue.clear();
    }
    all.forEach(waiter -> waiter.refuse.accept(status));
  }

  @GuardedBy("this")
  private void startTimer() {
    if (!timed) {
      timed = true;
      var _ = timer.schedule(this::age, groupNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void age() {
    List<Waiter> late = new ArrayList<>();
    synchronized (this) {
      timed = false;
      queue.removeIf(
          waiter -> {
            boolean isLate = ++waiter.age > GROUPS;
            if (isLate) {
              late.add(waiter);
            }
            return isLate;
          });
      if (!queue.isEmpty()) {
        startTimer();
      }
    }
    late.forEach(waiter -> waiter.refuse.accept(EtcdStatus.TIMED_OUT));
  }
}
