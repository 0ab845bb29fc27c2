// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** Runs tasks when a test says so: an executor and a timer without threads and time. */
final class ManualExecutor implements Executor, WatchTimer {
  private record Alarm(CompletableFuture<Boolean> cancelled, Runnable task, Duration delay) {}

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Alarm> alarms = new ArrayList<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Future<?> after(Duration delay, Runnable task) {
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    alarms.add(new Alarm(cancelled, task, delay));
    return cancelled;
  }

  int waiting() {
    return tasks.size();
  }

  /** Runs the task that has waited longest; answers false if there is none. */
  boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs what was scheduled until now and was not cancelled, and tells with which delays. */
  List<Duration> ring() {
    List<Alarm> due = List.copyOf(alarms);
    alarms.clear();
    List<Duration> delays = new ArrayList<>();
    for (Alarm alarm : due) {
      if (!alarm.cancelled().isCancelled()) {
        delays.add(alarm.delay());
        alarm.task().run();
      }
    }
    return delays;
  }
}
