// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.cluster.TcpProxy.Direction;
import java.util.List;
import java.util.Random;

/** What can befall the links of a node, and a leader that is told to hand over. */
final class LinkFaults {
  /** Longer than the lease of a leader. */
  private static final long CUT_MILLIS = 4_000;

  private static final long DELAY_MILLIS = 2_000;
  private static final long EACH_MILLIS = 20;

  private LinkFaults() {}

  /** Cuts, resets and delays, and MoveLeader. */
  static List<Fault> all(TikvCluster cluster) {
    return List.of(
        fault(
            "cut the leader from the engine",
            CUT_MILLIS,
            cluster,
            links -> links.cutEngine(Direction.REQUESTS, Direction.ANSWERS)),
        fault(
            "cut the engine's answers to the leader",
            CUT_MILLIS,
            cluster,
            links -> links.cutEngine(Direction.ANSWERS)),
        fault("cut followers from the leader", CUT_MILLIS, cluster, Links::cutPeers),
        fault("reset the leader's links", 0, cluster, Links::reset),
        fault("delay the leader's links", DELAY_MILLIS, cluster, links -> links.delay(EACH_MILLIS)),
        new Fault(
            "cut any node from the engine",
            CUT_MILLIS,
            random ->
                cluster
                    .links(any(cluster, random))
                    .cutEngine(Direction.REQUESTS, Direction.ANSWERS)),
        new Fault(
            "move the leader",
            0,
            random -> {
              cluster.moveLeader(any(cluster, random));
              return () -> {};
            }));
  }

  private interface Hit {
    Runnable on(Links links);
  }

  private static Fault fault(String name, long lasts, TikvCluster cluster, Hit hit) {
    return new Fault(name, lasts, _ -> hit.on(cluster.links(ProcessFaults.leader(cluster))));
  }

  private static Node any(Cluster cluster, Random random) {
    return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
  }
}
