// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.history.Checker;
import dev.brain.conformance.history.History;
import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Request;
import dev.brain.conformance.history.Span;
import dev.brain.conformance.history.Violation;
import dev.brain.conformance.history.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/*
 * One run of a cluster under load and faults. When all is mended, every node has to serve again, and
 * every watcher to be told of everything: a cluster that is right but does not come back fails too.
 */
final class Run {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * What is wanted of a run.
   *
   * @param calm how many operations are answered between two faults, about
   * @param pinned how many clients use one node only, for each node; as many use all
   */
  record Plan(long seed, int faults, int calm, int pinned) {}

  /** What came of it. */
  record Report(
      History history,
      List<Violation> violations,
      List<Nemesis.Incident> incidents,
      List<Long> writesAnswered) {

    long operations() {
      return history.operations().stream()
          .filter(operation -> !(operation.outcome() instanceof Outcome.Unknown))
          .count();
    }

    long unknown() {
      return history.operations().size() - operations();
    }

    long events() {
      long events = 0;
      for (Watch watch : history.watches()) {
        for (Watch.Message message : watch.messages()) {
          events += message instanceof Watch.Message.Events some ? some.events().size() : 0;
        }
      }
      return events;
    }

    /** How long no write was answered around each fault, until the next one. */
    List<String> outages() {
      List<String> outages = new ArrayList<>();
      for (int i = 0; i < incidents.size(); i++) {
        Nemesis.Incident incident = incidents.get(i);
        long until =
            i + 1 < incidents.size()
                ? incidents.get(i + 1).begun()
                : writesAnswered.isEmpty() ? 0 : writesAnswered.getLast();
        outages.add(
            "%s: %d ms"
                .formatted(
                    incident.name(),
                    TimeUnit.NANOSECONDS.toMillis(longestGap(incident.begun(), until))));
      }
      return outages;
    }

    private long longestGap(long from, long until) {
      long longest = 0;
      long last = from;
      for (long time : writesAnswered) {
        if (time > from && time <= until) {
          longest = Math.max(longest, time - last);
          last = time;
        }
      }
      return Math.max(longest, until - last);
    }

    @Override
    public String toString() {
      return "%,d operations, %,d with an unknown outcome, %,d watch events on %d streams, %d faults"
              .formatted(
                  operations(), unknown(), events(), history.watches().size(), incidents.size())
          + "\n  longest time without an answered write: "
          + String.join(", ", outages());
    }
  }

  private final Cluster cluster;
  private final Recorder recorder = new Recorder();

  private Run(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Runs a cluster that is not started yet. */
  static Report of(Cluster cluster, Plan plan) {
    return new Run(cluster).run(plan);
  }

  private Report run(Plan plan) {
    cluster.start();
    List<Watcher> watchers = new ArrayList<>();
    for (Node node : cluster.nodes()) {
      watchers.add(new Watcher(recorder, List.of(node)));
    }
    watchers.add(new Watcher(recorder, cluster.nodes()));
    List<Thread> threads =
        watchers.stream().map(w -> Thread.ofPlatform().name("watcher").start(w)).toList();
    Load load = Load.start(cluster.nodes(), recorder, plan.pinned(), plan.seed());
    List<Nemesis.Incident> incidents =
        new Nemesis(cluster.faults(), recorder, plan.seed()).run(plan.faults(), plan.calm());
    load.end();
    try (RecordingClient last = new RecordingClient("last", recorder)) {
      cluster.nodes().forEach(node -> awaitService(last, node));
      cluster.nodes().forEach(node -> readAll(last, node));
    }
    Awaitility.await("every watcher to be told of revision " + recorder.highest())
        .atMost(PATIENCE)
        .until(() -> watchers.stream().allMatch(w -> w.told() >= recorder.highest()));
    watchers.forEach(Watcher::end);
    threads.forEach(Run::join);
    History history = recorder.history();
    return new Report(history, Checker.check(history), incidents, recorder.writesAnswered());
  }

  private void awaitService(RecordingClient client, Node node) {
    int[] tries = {0};
    Awaitility.await(node.name() + " to write")
        .atMost(PATIENCE)
        .until(
            () ->
                client.call(
                        node, new Request.Put("/last", "last-" + node.name() + "-" + tries[0]++, 0))
                    instanceof Outcome.Answered);
  }

  private void readAll(RecordingClient client, Node node) {
    client.call(node, Request.Range.of(Span.ALL));
    client.call(node, new Request.Range(Span.ALL, 0, 0, true));
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(PATIENCE)) {
        throw new IllegalStateException(thread + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
