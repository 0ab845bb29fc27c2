// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.LoadRun;
import dev.brain.bench.load.Plan;
import dev.brain.bench.load.ProcessUsage;
import dev.brain.bench.load.Progress;
import dev.brain.bench.load.UsageProbe;
import dev.brain.bench.wire.Connections;
import dev.brain.bench.wire.Drain;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.Workload;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Where and with what a scenario is played.
 *
 * @param scene the server and what is written there
 * @param timers run what is due later; must not be blocked
 * @param threads run what blocks
 * @param probe the server's process, if it is known
 * @param connector makes further connections, which the scenario closes
 * @param drain reads answers that are too large to be held
 * @param progress told about once a second how far a run is
 */
public record Stage(
    Scene scene,
    ScheduledExecutorService timers,
    ExecutorService threads,
    UsageProbe probe,
    IntFunction<Connections> connector,
    Drain drain,
    Progress progress) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEBIBYTE = 1 << 20;

  /** A run on this stage that nobody has started; errors never end it early. */
  LoadRun run(Workload workload, int clients, double rate, Duration warmUp, Duration duration) {
    Plan plan =
        new Plan(clients, rate, warmUp, duration, Long.MAX_VALUE, scene.timeout(), Long.MAX_VALUE);
    return new LoadRun(workload, plan, timers, scene.clock(), probe);
  }

  /** Executes a run; the workload is not closed. */
  LoadResult execute(LoadRun run) throws InterruptedException {
    return run.execute(progress);
  }

  /** The time, in seconds from an arbitrary point. */
  double seconds() {
    return scene.clock().getAsLong() / NANOS_PER_SECOND;
  }

  /** Lets time pass between two questions to the server. */
  void pause(Duration time) throws InterruptedException {
    try {
      timers.schedule(() -> {}, time.toNanos(), TimeUnit.NANOSECONDS).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets time pass until so much has passed since a time in {@link #seconds}. */
  void pauseUntil(double begun, Duration since) throws InterruptedException {
    double left = since.toMillis() / 1e3 - (seconds() - begun);
    if (left > 0) {
      pause(Duration.ofMillis((long) (left * 1e3)));
    }
  }

  /** Adds what memory the server holds now. */
  void addMemory(Outcome.Builder outcome, String when) {
    ProcessUsage usage = probe.readServer();
    if (usage != null) {
      outcome.figure("server RSS " + when + ", MiB", usage.residentBytes() / MEBIBYTE);
      outcome.figure("server peak RSS " + when + ", MiB", usage.peakResidentBytes() / MEBIBYTE);
    }
  }
}
