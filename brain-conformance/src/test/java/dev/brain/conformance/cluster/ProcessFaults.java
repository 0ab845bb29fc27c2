// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.process.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;

/** What can befall the process of a node. */
final class ProcessFaults {
  /** Longer than the lease of a leader. */
  private static final long PAUSE_MILLIS = 4_000;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long DOWN_MILLIS = 1_000;

  private ProcessFaults() {}

  /** Kill, stop and pause, of the leader and of any node. */
  static List<Fault> all(Cluster cluster) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new Fault("kill the leader", DOWN_MILLIS, _ -> kill(leader(cluster))));
    faults.add(new Fault("terminate the leader", DOWN_MILLIS, _ -> terminate(leader(cluster))));
    faults.add(new Fault("pause the leader", PAUSE_MILLIS, _ -> pause(leader(cluster))));
    if (cluster.nodes().size() > 1) {
      faults.add(
          new Fault("kill a follower", DOWN_MILLIS, random -> kill(follower(cluster, random))));
      faults.add(
          new Fault("pause a follower", PAUSE_MILLIS, random -> pause(follower(cluster, random))));
    }
    return faults;
  }

  /** The leader, as soon as there is one. */
  static Node leader(Cluster cluster) {
    return Awaitility.await("a leader")
        .atMost(PATIENCE)
        .until(cluster::leader, Optional::isPresent)
        .orElseThrow();
  }

  private static Node follower(Cluster cluster, Random random) {
    Node leader = leader(cluster);
    List<Node> others = cluster.nodes().stream().filter(node -> !node.equals(leader)).toList();
    return others.get(random.nextInt(others.size()));
  }

  private static Runnable kill(Node node) {
    node.server().kill();
    return () -> Cluster.start(node);
  }

  private static Runnable terminate(Node node) {
    int code = node.server().stop();
    // 128 + SIGTERM is what a JVM ends with that has shut down in order.
    if (code != 0 && code != 143) {
      throw new IllegalStateException(
          node.name() + " ended with " + code + " on SIGTERM\n" + node.server().output());
    }
    return () -> Cluster.start(node);
  }

  private static Runnable pause(Node node) {
    Server server = node.server();
    server.pause();
    return server::resume;
  }
}
