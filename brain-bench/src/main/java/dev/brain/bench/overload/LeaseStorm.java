// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.workload.Dataset;
import dev.brain.bench.workload.KeySpace;
import dev.brain.bench.workload.Scene;
import dev.brain.bench.workload.WorkloadException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Many leases, each with a key, that all expire within the same second, beside writes.
 *
 * @param leases how many
 * @param timeToLive from the first grant until they expire; must suffice to grant them all
 * @param rate writes per second
 * @param duration how long writes are measured alone
 * @param patience how long to wait for the leases to be gone
 */
public record LeaseStorm(
    int leases, Duration timeToLive, double rate, Duration duration, Duration patience)
    implements Scenario {
  private static final int CLIENTS = 200;
  private static final Duration BETWEEN_COUNTS = Duration.ofMillis(250);
  private static final double MOST_SECONDS = 120;
  private static final double MOST_SLOWDOWN = 5;

  @Override
  public String name() {
    return "lease-storm";
  }

  @Override
  public Outcome play(Stage stage) throws InterruptedException {
    Outcome.Builder outcome = new Outcome.Builder();
    Scene scene = stage.scene();
    Writer writer = new Writer(stage, rate);
    LoadResult alone = writer.alone(duration);
    KeySpace keys = scene.ownKeys("storm");
    Dataset leased = new Dataset(scene, keys, leases);
    long deadline = scene.clock().getAsLong() + timeToLive.toNanos();
    grant(stage, keys, deadline);
    stage.addMemory(outcome, "before");
    long left = deadline - scene.clock().getAsLong();
    if (left <= 0) {
      throw new WorkloadException(
          "time to live: " + timeToLive + " (expected: enough to grant " + leases + " leases)");
    }
    long there = leased.count();
    outcome.check(there == leases, "leased keys before: " + there);
    try (Writer.Beside beside = writer.begin(Duration.ofNanos(left))) {
      stage.pause(Duration.ofNanos(left));
      double begun = stage.seconds();
      there = leased.count();
      while (there > 0 && stage.seconds() - begun < patience.toSeconds()) {
        stage.pause(BETWEEN_COUNTS);
        there = leased.count();
      }
      double length = stage.seconds() - begun;
      Writer.report(outcome, alone, report(outcome, beside, alone));
      outcome
          .check(there == 0, "leased keys afterwards: " + there)
          .check(there == 0 && length <= MOST_SECONDS, "all are gone within " + MOST_SECONDS + " s")
          .figure("until all are gone, s", length);
    }
    stage.addMemory(outcome, "after");
    return outcome.build(name());
  }

  private static LoadResult report(Outcome.Builder outcome, Writer.Beside beside, LoadResult alone)
      throws InterruptedException {
    LoadResult meanwhile = beside.end();
    outcome.check(
        Writer.p99(meanwhile) <= MOST_SLOWDOWN * Writer.p99(alone),
        "p99 of writes meanwhile is at most " + MOST_SLOWDOWN + " times that of idle");
    return meanwhile;
  }

  private void grant(Stage stage, KeySpace keys, long deadline) throws InterruptedException {
    GrantWorkload workload = new GrantWorkload(stage.scene(), keys, leases, deadline);
    LoadResult result = stage.execute(stage.run(workload, CLIENTS, 0, Duration.ZERO, timeToLive));
    if (!result.errors().isEmpty()) {
      throw new WorkloadException("The leases cannot be granted: " + result.errors());
    }
  }

  /** Whole seconds from now to a deadline, at least one. */
  static long secondsLeft(long now, long deadline) {
    return Math.max(1, Math.round((deadline - now) / (double) TimeUnit.SECONDS.toNanos(1)));
  }
}
