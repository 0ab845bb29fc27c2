// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes all threads of the server, named for what they do. What a thread does not catch goes to one
 * handler: a server that has lost a thread is not to live on half.
 */
final class Threads {
  private final UncaughtExceptionHandler uncaught;

  /**
   * @param uncaught is told what ended a thread
   */
  Threads(UncaughtExceptionHandler uncaught) {
    this.uncaught = uncaught;
  }

  /** Ends the process as a thread's end would. */
  void fail(Throwable fault) {
    uncaught.uncaughtException(Thread.currentThread(), fault);
  }

  /** Makes threads called {@code name}, or {@code name-1}, {@code name-2} and so on. */
  ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      int number = count.incrementAndGet();
      Thread thread = new Thread(task, number == 1 ? name : name + "-" + number);
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler(uncaught);
      return thread;
    };
  }

  /** Starts a timer with one thread; a task that fails ends the process as a thread's end would. */
  ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, named(name)) {
          @Override
          protected void afterExecute(Runnable task, @Nullable Throwable fault) {
            super.afterExecute(task, fault);
            if (task instanceof Future<?> future && future.state() == Future.State.FAILED) {
              uncaught.uncaughtException(Thread.currentThread(), future.exceptionNow());
            }
          }
        };
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Starts a pool.
   *
   * @param size threads at most; they end when idle for a minute
   * @param waiting tasks that may wait for a thread; more are rejected
   */
  ThreadPoolExecutor pool(String name, int size, int waiting) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(waiting), named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
