// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.LoadRun;
import dev.brain.bench.workload.Workload;
import dev.brain.bench.workload.WorkloadException;
import dev.brain.bench.workload.WorkloadKind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Creates keys at a fixed rate, first alone and then beside what a scenario does, to tell what
 * others feel of it. Used by one thread.
 */
final class Writer {
  /** More than are under way at any rate a server can keep up with. */
  private static final int CLIENTS = 200;

  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(3);

  /** Longer than any scenario. */
  private static final Duration AT_MOST = Duration.ofHours(2);

  private final Stage stage;
  private final double rate;
  private int runs;

  /** The rate is in keys per second. */
  Writer(Stage stage, double rate) {
    this.stage = stage;
    this.rate = rate;
  }

  /** Writes for so long, after a warm-up. */
  LoadResult alone(Duration duration) throws InterruptedException {
    try (Workload workload = workload()) {
      Duration warmUp = duration.compareTo(LONGEST_WARM_UP) < 0 ? duration : LONGEST_WARM_UP;
      return stage.execute(stage.run(workload, CLIENTS, rate, warmUp, duration));
    }
  }

  /** Writes from now until {@link Beside#end}; what is due within {@code before} does not count. */
  Beside begin(Duration before) {
    return new Beside(before);
  }

  private Workload workload() {
    return WorkloadKind.INSERT.create(
        stage.scene().with(stage.scene().run() + "-" + runs++, CLIENTS));
  }

  /** Adds what was felt. */
  static void report(Outcome.Builder outcome, LoadResult alone, LoadResult meanwhile) {
    double idle = p99(alone);
    double felt = p99(meanwhile);
    outcome
        .figure("p99 of writes, idle, ms", idle)
        .figure("p99 of writes, meanwhile, ms", felt)
        .figure("p99 meanwhile by p99 idle", felt / idle)
        .figure("greatest latency of writes, meanwhile, ms", latest(meanwhile))
        .figure("writes meanwhile", (double) meanwhile.series().getFirst().operations())
        .figure("errors of writes, meanwhile", (double) errors(meanwhile))
        .figure("writes without an answer", (double) meanwhile.unanswered());
    outcome.check(
        meanwhile.series().getFirst().operations() > 0 && meanwhile.unanswered() == 0,
        "writes went on and all were answered");
  }

  static double p99(LoadResult result) {
    return result.series().getFirst().latency().p99();
  }

  private static double latest(LoadResult result) {
    return result.series().getFirst().latency().max();
  }

  private static long errors(LoadResult result) {
    return result.errors().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Writes under way. */
  final class Beside implements AutoCloseable {
    private final Workload workload = workload();
    private final LoadRun run;
    private final Future<LoadResult> result;

    private Beside(Duration before) {
      run = stage.run(workload, CLIENTS, rate, before, AT_MOST);
      result = stage.threads().submit(() -> run.execute((phase, seconds, completed, errors) -> {}));
    }

    /** Ends the writes and waits for their answers. */
    LoadResult end() throws InterruptedException {
      run.end();
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw new WorkloadException("The writes beside failed: " + e.getCause(), e);
      }
    }

    @Override
    public void close() {
      run.end();
      workload.close();
    }
  }
}
