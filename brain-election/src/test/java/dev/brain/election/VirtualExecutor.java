// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A thread in virtual time, which can be stopped as by SIGSTOP. For one real thread. */
final class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final VirtualTime time;
  private final LongSupplier latency;
  private long stoppedUntil;

  /**
   * A thread.
   *
   * @param latency how many nanoseconds a task from another thread takes to arrive
   */
  VirtualExecutor(VirtualTime time, LongSupplier latency) {
    this.time = time;
    this.latency = latency;
  }

  /** Runs nothing for so many nanoseconds, then everything that was due. */
  void stop(long nanos) {
    stoppedUntil = Math.max(stoppedUntil, time.now() + nanos);
  }

  @Override
  public void execute(Runnable command) {
    time.after(latency.getAsLong(), () -> run(command));
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command);
    time.after(unit.toNanos(delay), () -> run(task));
    return task;
  }

  private void run(Runnable command) {
    if (stoppedUntil > time.now()) {
      time.after(stoppedUntil - time.now(), () -> run(command));
    } else {
      command.run();
    }
  }

  /** Runs its command unless it is cancelled before. */
  private static final class Task implements ScheduledFuture<Object>, Runnable {
    private final Runnable command;
    private boolean cancelled;
    private boolean done;

    Task(Runnable command) {
      this.command = command;
    }

    @Override
    public void run() {
      if (!cancelled) {
        done = true;
        command.run();
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancelled = !done;
      return cancelled;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isDone() {
      return done || cancelled;
    }

    @Override
    public Object get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Delayed other) {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
