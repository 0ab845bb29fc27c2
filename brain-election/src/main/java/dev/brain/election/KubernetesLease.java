// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which Lease (group {@code coordination.k8s.io}, version {@code v1}) is the leader's record.
 *
 * @param namespace its namespace, which must exist
 * @param name its name; it is created if it does not exist
 * @param kubeconfig the file that says how to reach its cluster; null if this process runs in it
 */
public record KubernetesLease(String namespace, String name, @Nullable Path kubeconfig) {

  /** The key under which a kube-apiserver with default settings keeps this Lease in its etcd. */
  public String key() {
    return "/registry/leases/" + namespace + "/" + name;
  }

  @Override
  public String toString() {
    return "Lease " + namespace + "/" + name;
  }
}
