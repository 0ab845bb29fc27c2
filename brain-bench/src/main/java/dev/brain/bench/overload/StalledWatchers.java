// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.wire.Connections;
import dev.brain.bench.workload.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watchers that stop reading while events pass, and read on afterwards. The keys are in as many
 * groups as there are streams, and all watchers of a stream watch the same group. A watcher of all
 * groups, which never stops, tells what others feel.
 *
 * @param watchers how many
 * @param streams how many streams they share, each on a connection of its own
 * @param megabytes of values, in millions of bytes, that pass
 * @param rate writes per second
 * @param duration how long the watcher that never stops is measured alone
 */
public record StalledWatchers(
    int watchers, int streams, int megabytes, double rate, Duration duration) implements Scenario {
  private static final int CLIENTS = 200;
  private static final double MEGABYTE = 1e6;

  @Override
  public String name() {
    return "stalled-watchers";
  }

  @Override
  public Outcome play(Stage stage) throws InterruptedException {
    Outcome.Builder outcome = new Outcome.Builder();
    Scene scene = stage.scene();
    long events = Math.max(streams, (long) (megabytes * MEGABYTE / scene.values().size()));
    LoadResult alone;
    try (GroupWorkload workload =
        new GroupWorkload(scene.with(scene.run() + "-0", CLIENTS), streams, Long.MAX_VALUE)) {
      alone = stage.execute(stage.run(workload, CLIENTS, rate, Duration.ZERO, duration));
    }
    GroupWorkload workload =
        new GroupWorkload(scene.with(scene.run() + "-1", CLIENTS), streams, events);
    try (Connections connections = stage.connector().apply(streams);
        workload) {
      List<StalledStream> stalled = open(scene, connections, workload);
      stage.addMemory(outcome, "before");
      LoadResult meanwhile =
          stage.execute(stage.run(workload, CLIENTS, rate, Duration.ZERO, Duration.ofHours(1)));
      stage.addMemory(outcome, "while they do not read");
      double begun = stage.seconds();
      stalled.forEach(StalledStream::readOn);
      List<String> faults = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        faults.addAll(stalled.get(i).await(workload.written(i), scene.timeout().toNanos()));
      }
      double length = stage.seconds() - begun;
      stage.addMemory(outcome, "after");
      outcome
          .check(
              faults.isEmpty(),
              "streams whose watchers did not get everything in order: "
                  + faults.size()
                  + faults.stream().limit(3).toList())
          .check(
              alone.isSound() && meanwhile.isSound(),
              "the watcher that reads got everything: " + alone.faults() + meanwhile.faults())
          .check(meanwhile.errors().isEmpty(), "errors of writes: " + meanwhile.errors())
          .figure("p99 of put to event, idle, ms", event(alone))
          .figure("p99 of put to event, meanwhile, ms", event(meanwhile))
          .figure("p99 of writes, idle, ms", Writer.p99(alone))
          .figure("p99 of writes, meanwhile, ms", Writer.p99(meanwhile))
          .figure("events missed by each stream, mean", events / (double) streams)
          .figure("until all have caught up, s", length);
      stalled.forEach(StalledStream::close);
    }
    return outcome.build(name());
  }

  private List<StalledStream> open(Scene scene, Connections connections, GroupWorkload workload)
      throws InterruptedException {
    List<StalledStream> stalled = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      // What does not divide evenly goes to the first streams.
      int share = watchers / streams + (i < watchers % streams ? 1 : 0);
      stalled.add(
          new StalledStream(
              connections.of(i), workload.start(i), workload.end(i), share, scene.clock()));
    }
    for (StalledStream stream : stalled) {
      stream.awaitOpen(scene.timeout().toNanos());
    }
    return stalled;
  }

  private static double event(LoadResult result) {
    return result.series().get(GroupWorkload.EVENT).latency().p99();
  }
}
