// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

import java.util.OptionalLong;

/** Finds out which process answers at a place. Thread-safe. */
public interface Instances {
  /**
   * Asks. Blocks for some seconds at the most.
   *
   * @param peerUrl where a member is, or was, served to its peers
   * @return the instance of the member that answers; empty if none does
   */
  OptionalLong at(String peerUrl);
}
