// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.time.Duration;
import java.util.Locale;

/**
 * How long leadership lasts and how often it is renewed. The same for all nodes of a cluster.
 *
 * @param lease how long others wait, by their own clocks, after the last renewal they saw before
 *     they take over
 * @param renewDeadline how long after the last successful renewal was sent the leader itself stops
 *     leading. What the lease is longer than this is how far clocks may drift apart in that time
 * @param retry how long the leader waits between renewals, and the others between looking at the
 *     record; random, up to a fifth shorter
 */
public record ElectionTimes(Duration lease, Duration renewDeadline, Duration retry) {
  private static final Duration MAXIMUM = Duration.ofHours(1);

  /** A lease of 6 s, renewed every second, given up after 4 s. */
  public static final ElectionTimes DEFAULT =
      new ElectionTimes(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofSeconds(1));

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if they are not: lease above renew deadline above retry above
   *     zero; or if the lease is longer than an hour
   */
  public ElectionTimes {
    if (!retry.isPositive()) {
      throw new IllegalArgumentException(
          "election retry: " + text(retry) + " (expected: more than 0s)");
    }
    if (renewDeadline.compareTo(retry) <= 0) {
      throw new IllegalArgumentException(
          "election renew deadline: %s (expected: more than the election retry, %s)"
              .formatted(text(renewDeadline), text(retry)));
    }
    if (lease.compareTo(renewDeadline) <= 0) {
      throw new IllegalArgumentException(
          "election lease: %s (expected: more than the election renew deadline, %s)"
              .formatted(text(lease), text(renewDeadline)));
    }
    if (lease.compareTo(MAXIMUM) > 0) {
      throw new IllegalArgumentException(
          "election lease: %s (expected: at most %s)".formatted(text(lease), text(MAXIMUM)));
    }
  }

  /** As a user writes it: 1h2m3.5s. */
  private static String text(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
