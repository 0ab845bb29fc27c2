// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.maintenance.Member;

/** Gives the lead to another node. */
public interface Handover {
  /** That of a node which does not lead. */
  Handover NONE = target -> false;

  /**
   * Stops leading so that a member takes over; blocks until it may.
   *
   * @param target another member than this one
   * @return whether the lead was given up
   */
  boolean to(Member target);
}
