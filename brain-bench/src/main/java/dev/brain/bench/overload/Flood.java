// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.LoadRun;
import dev.brain.bench.workload.Dataset;
import dev.brain.bench.workload.KeySpace;
import java.time.Duration;

/**
 * Far more writers than a server can serve. It may refuse some, and then must not have applied
 * them; what it answered must be there.
 *
 * @param writers operations under way at once
 * @param count how many writes there are in all
 * @param duration after which no more are begun
 */
public record Flood(int writers, int count, Duration duration) implements Scenario {

  @Override
  public String name() {
    return "flood";
  }

  @Override
  public Outcome play(Stage stage) throws InterruptedException {
    Outcome.Builder outcome = new Outcome.Builder();
    stage.addMemory(outcome, "before");
    KeySpace keys = stage.scene().ownKeys("flood");
    FloodWorkload workload = new FloodWorkload(stage.scene(), keys, count);
    LoadRun run = stage.run(workload, writers, 0, Duration.ZERO, duration);
    double begun = stage.seconds();
    LoadResult result = stage.execute(run);
    double length = stage.seconds() - begun;
    stage.addMemory(outcome, "after");
    long[] revisions = new Dataset(stage.scene(), keys, count).revisions();
    int[] refused = workload.count(FloodWorkload.Fate.REFUSED, revisions);
    int[] answered = workload.count(FloodWorkload.Fate.ANSWERED, revisions);
    int[] unknown = workload.count(FloodWorkload.Fate.UNKNOWN, revisions);
    long lost = answered[0] - (long) answered[1];
    return outcome
        .check(refused[1] == 0, "refused writes that were applied: " + refused[1])
        .check(lost == 0, "answered writes that are not there: " + lost)
        .check(answered[0] > 0, "answered writes: " + answered[0])
        .check(
            unknown[0] == 0,
            "writes with another outcome: " + unknown[0] + " " + workload.otherErrors())
        .check(result.unanswered() == 0, "writes without an outcome: " + result.unanswered())
        .figure("answered", answered[0])
        .figure("refused", refused[0])
        .figure("answered per second", answered[0] / length)
        .figure("p50 of answered, ms", result.series().getFirst().latency().p50())
        .figure("p99 of answered, ms", result.series().getFirst().latency().p99())
        .build(name());
  }
}
