// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * Is told of leases in the order in which they came and went. Called by one thread at a time; must
 * be quick and must not block or throw.
 */
public interface LeaseListener {
  /** A lease exists from now on, durably. */
  void granted(LeaseRecord lease);

  /** A lease is gone for good, with its keys. */
  void revoked(long leaseId);
}
