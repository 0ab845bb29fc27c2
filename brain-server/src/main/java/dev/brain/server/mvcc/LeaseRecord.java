// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * A lease as it is stored.
 *
 * @param id any number but 0
 * @param ttlSeconds the granted time to live
 */
public record LeaseRecord(long id, long ttlSeconds) {}
