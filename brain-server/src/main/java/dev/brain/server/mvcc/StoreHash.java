// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * A hash of the visible data.
 *
 * @param hash the hash; 32 bits
 * @param hashRevision the revision that was hashed
 * @param compactRevision the compact revision at that time
 * @param revision the newest visible revision at that time
 */
public record StoreHash(int hash, long hashRevision, long compactRevision, long revision) {}
