// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

/**
 * Opens a leader's record that is a Lease. Found by {@link java.util.ServiceLoader}, because the
 * client of Kubernetes is large and only those who use it should have to load it.
 */
public interface KubernetesRecordStoreFactory {

  /**
   * Prepares the client; does not connect.
   *
   * @param times how long one request may take follows from them
   * @return a store that the caller must close
   * @throws IllegalArgumentException if there is no usable configuration of the client; the message
   *     is one line for the user
   */
  LeaderRecordStore open(KubernetesLease lease, ElectionTimes times);
}
