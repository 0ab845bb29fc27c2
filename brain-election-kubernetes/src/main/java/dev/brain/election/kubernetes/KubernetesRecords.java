// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.ElectionTimes;
import dev.brain.election.KubernetesLease;
import dev.brain.election.KubernetesRecordStoreFactory;
import dev.brain.election.LeaderRecordStore;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.InstantSource;

/** Opens leader's records that are Leases, with the fabric8 client. */
public final class KubernetesRecords implements KubernetesRecordStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public KubernetesRecords() {}

  @Override
  public LeaderRecordStore open(KubernetesLease lease, ElectionTimes times) {
    return new KubernetesRecordStore(
        new KubernetesClientBuilder()
            .withConfig(ClientConfig.of(lease.kubeconfig(), System.getenv(), times))
            .build(),
        lease,
        times.lease(),
        InstantSource.system());
  }
}
