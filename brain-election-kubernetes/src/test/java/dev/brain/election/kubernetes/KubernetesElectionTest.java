// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.ElectionContract;
import dev.brain.election.LeaderRecordStore;
import org.junit.jupiter.api.AfterEach;

class KubernetesElectionTest extends ElectionContract {
  private final MockCluster cluster = new MockCluster();

  @AfterEach
  void closeCluster() {
    cluster.close();
  }

  @Override
  protected LeaderRecordStore store() {
    return cluster.store();
  }
}
