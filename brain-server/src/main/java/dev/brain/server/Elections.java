// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.Election;
import dev.brain.election.ElectionThreads;
import dev.brain.election.ElectionTimes;
import dev.brain.election.EngineRecordStore;
import dev.brain.election.KubernetesLease;
import dev.brain.election.KubernetesRecordStoreFactory;
import dev.brain.election.LeaderRecordStore;
import dev.brain.election.OwnClusterCheck;
import dev.brain.election.RecordElection;
import dev.brain.engine.Engine;
import dev.brain.server.config.ClusterConfig;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Makes the election that the operator has chosen. */
final class Elections {
  private Elections() {}

  /**
   * Makes an election.
   *
   * @param identity the name of this node
   * @param holds whether this node's own store holds a key; may block
   * @throws StartException if it cannot be made
   */
  static Election make(
      ClusterConfig config,
      Engine engine,
      String identity,
      ElectionThreads threads,
      RandomGenerator random,
      Predicate<String> holds)
      throws StartException {
    ClusterConfig.Timing timing = config.timing();
    ElectionTimes times = new ElectionTimes(timing.lease(), timing.renewDeadline(), timing.retry());
    LeaderRecordStore store =
        switch (config.election()) {
          case ClusterConfig.Election.ByEngine() -> new EngineRecordStore(engine);
          case ClusterConfig.Election.ByKubernetes kubernetes ->
              kubernetes(kubernetes, times, holds);
        };
    return new RecordElection(store, identity, times, threads, System::nanoTime, random);
  }

  private static LeaderRecordStore kubernetes(
      ClusterConfig.Election.ByKubernetes config, ElectionTimes times, Predicate<String> holds)
      throws StartException {
    KubernetesRecordStoreFactory factory =
        ServiceLoader.load(KubernetesRecordStoreFactory.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new StartException(
                        "--election: kubernetes (expected: engine, this distribution has no client"
                            + " of Kubernetes)",
                        null));
    KubernetesLease lease =
        new KubernetesLease(config.namespace(), config.name(), config.kubeconfig());
    try {
      return new OwnClusterCheck(factory.open(lease, times), lease, holds);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }
}
