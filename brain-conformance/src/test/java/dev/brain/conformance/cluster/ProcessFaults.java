// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.process.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What can befall the process of a node. */
final class ProcessFaults {
  /** Longer than the lease of a leader. */
  private static final long PAUSE_MILLIS = 4_000;

  private static final long DOWN_MILLIS = 1_000;

  private ProcessFaults() {}

  /** Kill, stop and pause, of the leader and of any node. */
  static List<Fault> all(Cluster cluster) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new Fault("kill the leader", DOWN_MILLIS, random -> kill(leader(cluster, random))));
    faults.add(
        new Fault(
            "terminate the leader", DOWN_MILLIS, random -> terminate(leader(cluster, random))));
    faults.add(
        new Fault("pause the leader", PAUSE_MILLIS, random -> pause(leader(cluster, random))));
    if (cluster.nodes().size() > 1) {
      faults.add(
          new Fault("kill a follower", DOWN_MILLIS, random -> kill(follower(cluster, random))));
      faults.add(
          new Fault("pause a follower", PAUSE_MILLIS, random -> pause(follower(cluster, random))));
    }
    return faults;
  }

  /** The leader; any node if none is known. */
  static Node leader(Cluster cluster, Random random) {
    return cluster
        .leader()
        .orElseGet(() -> cluster.nodes().get(random.nextInt(cluster.nodes().size())));
  }

  private static Node follower(Cluster cluster, Random random) {
    Node leader = leader(cluster, random);
    List<Node> others = cluster.nodes().stream().filter(node -> !node.equals(leader)).toList();
    return others.get(random.nextInt(others.size()));
  }

  private static Runnable kill(Node node) {
    node.server().kill();
    return node.server()::start;
  }

  private static Runnable terminate(Node node) {
    int code = node.server().stop();
    // 128 + SIGTERM is what a JVM ends with that has shut down in order.
    if (code != 0 && code != 143) {
      throw new IllegalStateException(
          node.name() + " ended with " + code + " on SIGTERM\n" + node.server().output());
    }
    return node.server()::start;
  }

  private static Runnable pause(Node node) {
    Server server = node.server();
    server.pause();
    return server::resume;
  }
}
