// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

/**
 * A leader, and until when it counts as one unless it renews.
 *
 * @param until by the monotonic clock, in nanoseconds
 */
record Tenure(Leader leader, long until) {
  boolean lasts(long now) {
    return until - now > 0;
  }
}
