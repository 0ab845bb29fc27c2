// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * The bounds of a store.
 *
 * @param headCacheBytes memory for newest versions of keys that are not being written, at least 0
 * @param maxRequests the most writes that are decided or waiting and not yet answered; more are
 *     refused as too many requests. From 1 to 30,000
 * @param maxRequestBytes the most bytes that decided writes may hold, at least 1; more are refused
 * @param maxBatchBytes about the most bytes of one commit, at least 1
 * @param counts what is kept in memory about the number of keys
 */
public record StoreConfig(
    long headCacheBytes,
    int maxRequests,
    long maxRequestBytes,
    long maxBatchBytes,
    CountBounds counts) {

  /** Twice the most that may be decided and in flight, so that a slot is always free. */
  static final int RING_CAPACITY = 1 << 16;

  private static final int MOST_REQUESTS = 30_000;

  /** 64 MiB of heads, 10,000 requests, 256 MiB of decided requests, commits of about 8 MiB. */
  public static final StoreConfig DEFAULT =
      new StoreConfig(64L << 20, 10_000, 256L << 20, 8L << 20, CountBounds.DEFAULT);

  public StoreConfig {
    check("headCacheBytes", headCacheBytes, 0, Long.MAX_VALUE);
    check("maxRequests", maxRequests, 1, MOST_REQUESTS);
    check("maxRequestBytes", maxRequestBytes, 1, Long.MAX_VALUE);
    check("maxBatchBytes", maxBatchBytes, 1, Long.MAX_VALUE);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
