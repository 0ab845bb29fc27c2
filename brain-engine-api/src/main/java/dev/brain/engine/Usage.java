// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * The storage an engine uses.
 *
 * @param totalBytes bytes taken from the operating system or the cluster
 * @param inUseBytes the part of it that live data needs; at most {@code totalBytes}
 */
public record Usage(long totalBytes, long inUseBytes) {
  public Usage {
    if (totalBytes < 0 || inUseBytes < 0 || inUseBytes > totalBytes) {
      throw new IllegalArgumentException(
          "inUseBytes: " + inUseBytes + " (expected: 0 to totalBytes, " + totalBytes + ")");
    }
  }
}
