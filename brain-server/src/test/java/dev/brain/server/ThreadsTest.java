// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadsTest {
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final Threads threads =
      new Threads((thread, fault) -> faults.add(thread.getName() + ": " + fault.getMessage()));

  private static void fail() {
    throw new IllegalStateException("planted");
  }

  @Test
  void named_threadThatFails() {
    threads.named("part").newThread(ThreadsTest::fail).start();
    await().untilAsserted(() -> assertThat(faults).containsExactly("part: planted"));
  }

  @Test
  void pool_taskThatFails() {
    ThreadPoolExecutor pool = threads.pool("pool", 1, 1);
    pool.execute(ThreadsTest::fail);
    await().untilAsserted(() -> assertThat(faults).containsExactly("pool: planted"));
    pool.shutdownNow();
  }

  @Test
  void timer_taskThatFails() {
    ScheduledThreadPoolExecutor timer = threads.timer("timer");
    ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(ThreadsTest::fail, 0, 1, TimeUnit.HOURS);
    await().untilAsserted(() -> assertThat(faults).containsExactly("timer: planted"));
    timer.shutdownNow();
  }

  @Test
  void pool_full() {
    CountDownLatch end = new CountDownLatch(1);
    ThreadPoolExecutor pool = threads.pool("pool", 2, 3);
    Runnable task =
        () -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    for (int i = 0; i < 5; i++) {
      pool.execute(task);
    }
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.execute(task));
    end.countDown();
    pool.shutdownNow();
    assertThat(faults).isEmpty();
  }
}
