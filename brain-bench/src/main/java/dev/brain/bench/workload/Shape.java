// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/**
 * Sizes and amounts of what workloads handle.
 *
 * @param prefix of all keys, ends in a slash; all below it belongs to the benchmark
 * @param keySize bytes of every key
 * @param keys how many keys are there to be read, updated or deleted
 * @param pageSize keys per page of a list
 * @param watchers how many watches are open
 * @param nodes how many node leases take heartbeats
 * @param apiservers how many clients watch and list everything beside the operations
 */
public record Shape(
    String prefix, int keySize, int keys, int pageSize, int watchers, int nodes, int apiservers) {

  /** Keys of one size, and nothing else. */
  public static Shape of(String prefix, int keySize, int keys) {
    return new Shape(
        prefix, keySize, keys, /* pageSize= */ 1, /* watchers= */ 1, /* nodes= */ 1, 1);
  }
}
