// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.lease;

/**
 * How long a lease has to live.
 *
 * @param grantedTtlSeconds the time to live that was granted
 * @param remainingSeconds what is left of it, rounded down; 0 if it has expired and is about to be
 *     revoked
 */
public record LeaseStatus(long grantedTtlSeconds, long remainingSeconds) {}
