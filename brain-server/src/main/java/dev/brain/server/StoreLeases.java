// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.kv.Completion;
import dev.brain.server.lease.LeaseRevoker;
import dev.brain.server.mvcc.Store;
import java.util.concurrent.Executor;

/**
 * Revokes expired leases of a store.
 *
 * @param upkeep loads what their keys hold, which may wait for a disk
 */
record StoreLeases(Store store, Executor upkeep) implements LeaseRevoker {
  @Override
  public void revoke(long leaseId, Completion<Long> completion) {
    upkeep.execute(() -> store.expireLease(leaseId, completion));
  }

  @Override
  public int keys(long leaseId) {
    return store.leaseSize(leaseId);
  }
}
