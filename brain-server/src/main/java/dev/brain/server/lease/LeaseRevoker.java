// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.lease;

import dev.brain.server.kv.Completion;

/** Revokes leases durably, with their keys, in one revision each: the store does. */
public interface LeaseRevoker {
  /**
   * Revokes a lease without blocking.
   *
   * @param completion receives the revision, or LeaseNotFound, or why it could not be done
   */
  void revoke(long leaseId, Completion<Long> completion);

  /** How many keys a lease has, which its revocation deletes; 0 if there is none. */
  int keys(long leaseId);
}
