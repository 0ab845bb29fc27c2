// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/**
 * The bounds of what a store knows about the number of its keys.
 *
 * @param maxBytes about the most memory for it, at least 0. At the bound partitions are joined, so
 *     that counts read more keys at the borders of a range, and stay exact
 * @param partitionKeys how many keys a partition begins with, at least 1. A count reads up to twice
 *     as many at each border of its range
 * @param partitionSteps how many changes back a partition knows its count, at least 2. Older
 *     revisions are counted by reading
 * @param blockPartitions how many partitions a block begins with, at least 4. They are added up in
 *     one step
 * @param blockSteps how many changes back a block knows its count, at least 2
 * @param recentChanges how many creates and deletes are kept, with their keys, at least 0. What was
 *     counted by reading is not learned if more happened meanwhile
 */
public record CountBounds(
    long maxBytes,
    int partitionKeys,
    int partitionSteps,
    int blockPartitions,
    int blockSteps,
    int recentChanges) {

  /**
   * 32 MiB, which is enough for more than 10 million keys in partitions of 64. In one second of
   * 10,000 creates spread over 100,000 keys a partition of 64 changes about 6 times, a block 1,600
   * times: a list of pages at one revision finds most of its partitions.
   */
  public static final CountBounds DEFAULT = new CountBounds(32L << 20, 64, 32, 256, 512, 16_384);

  public CountBounds {
    check("maxBytes", maxBytes, 0);
    check("partitionKeys", partitionKeys, 1);
    check("partitionSteps", partitionSteps, 2);
    check("blockPartitions", blockPartitions, 4);
    check("blockSteps", blockSteps, 2);
    check("recentChanges", recentChanges, 0);
  }

  private static void check(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
