// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.event.RevisionListener;

/**
 * Who a store talks to.
 *
 * @param revisions told of every revision
 * @param leases told of every lease that comes or goes
 * @param gate asked before anything that needs new space
 * @param deposed run once if this store may not write any more, because another leader took over
 */
public record Collaborators(
    RevisionListener revisions, LeaseListener leases, WriteGate gate, Runnable deposed) {

  /** Nobody. */
  public static final Collaborators NONE =
      new Collaborators(
          revisions -> {},
          new LeaseListener() {
            @Override
            public void granted(LeaseRecord lease) {}

            @Override
            public void revoked(long leaseId) {}
          },
          WriteGate.OPEN,
          () -> {});
}
