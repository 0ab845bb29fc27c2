// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Outcome.Reason;
import dev.brain.conformance.history.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Clients of all nodes with traffic, leases and compactions, each with a thread of its own, from
 * the start to {@link #end()}. Thread-safe.
 */
final class Load {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 50;
  private static final long LEASE_PAUSE_MILLIS = 150;
  private static final long COMPACTION_PAUSE_MILLIS = 1_000;
  private static final int KEPT = 400;

  private final Recorder recorder;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private Load(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Starts it: {@code pinned} clients on each node, and as many again that use all of them. */
  static Load start(List<Node> nodes, Recorder recorder, int pinned, long seed) {
    Load load = new Load(recorder);
    Random seeds = new Random(seed);
    for (int i = 0; i < pinned; i++) {
      for (Node node : nodes) {
        load.traffic("pinned-" + node.name() + "-" + i, List.of(node), seeds.nextLong());
      }
      load.traffic("any-" + i, nodes, seeds.nextLong());
    }
    load.leases("lease-0", 1_000_000, nodes, seeds.nextLong());
    load.leases("lease-1", 2_000_000, List.of(nodes.getLast()), seeds.nextLong());
    load.compactions(nodes, seeds.nextLong());
    return load;
  }

  /** Ends it, and returns when nothing is under way any more. */
  void end() {
    ended.countDown();
    for (Thread thread : threads) {
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

  private void traffic(String name, List<Node> nodes, long seed) {
    Random random = new Random(seed);
    Traffic traffic = new Traffic(name, random);
    start(
        name,
        client -> {
          traffic.note(client.call(any(nodes, random), traffic.request()));
          return client.unreachable() ? PAUSE_MILLIS : 0;
        });
  }

  private void leases(String name, long firstLease, List<Node> nodes, long seed) {
    Random random = new Random(seed);
    LeaseTraffic traffic = new LeaseTraffic(name, firstLease, random);
    start(
        name,
        client -> {
          if (!(client.call(any(nodes, random), traffic.request()) instanceof Outcome.Answered)) {
            traffic.giveUp();
          }
          return LEASE_PAUSE_MILLIS;
        });
  }

  // Compacts what some watcher has seen, and now and then what is compacted or not there yet.
  private void compactions(List<Node> nodes, long seed) {
    Random random = new Random(seed);
    start(
        "compactor",
        client -> {
          long seen = recorder.watched();
          long revision =
              switch (random.nextInt(6)) {
                case 0 -> seen - 2L * KEPT;
                case 1 -> seen + 1_000_000;
                default -> seen - random.nextInt(KEPT);
              };
          Outcome outcome =
              client.call(any(nodes, random), new Request.Compact(Math.max(2, revision)));
          return outcome.equals(new Outcome.Refused(Reason.COMPACTED))
              ? PAUSE_MILLIS
              : COMPACTION_PAUSE_MILLIS;
        });
  }

  private static Node any(List<Node> nodes, Random random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** What a client does again and again; it says how many milliseconds to pause afterwards. */
  private interface Turn {
    long take(RecordingClient client);
  }

  private void start(String name, Turn turn) {
    threads.add(Thread.ofPlatform().name(name).start(() -> run(name, turn)));
  }

  private void run(String name, Turn turn) {
    try (RecordingClient client = new RecordingClient(name, recorder)) {
      long pause = 0;
      while (!ended.await(pause, TimeUnit.MILLISECONDS)) {
        pause = turn.take(client);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
