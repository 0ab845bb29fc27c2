// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Neighbouring partitions, and their sum. Guarded by its {@link CountIndex}. */
final class CountBlock implements Bordered {
  /*
   * Invariants:
   *  1. The partitions are in order of their borders; there is at least one.
   *  2. The sum is known exactly if all partitions are. It holds from the last change of any of them on,
   *     or from an earlier revision.
   */

  /** A block of so many partitions is not worth coarsening. */
  static final int FEW = 2;

  private static final int OBJECT_BYTES = 64;

  private final CountBounds bounds;
  private final List<CountPartition> partitions;
  private @Nullable CountHistory sum;
  private long bytes;

  CountBlock(CountBounds bounds, List<CountPartition> partitions) {
    this.bounds = bounds;
    this.partitions = new ArrayList<>(partitions);
    refresh();
  }

  @Override
  public byte[] start() {
    return partitions.getFirst().start();
  }

  int size() {
    return partitions.size();
  }

  CountPartition get(int place) {
    return partitions.get(place);
  }

  List<CountPartition> partitions() {
    return partitions;
  }

  /** About the memory that this takes. */
  long bytes() {
    return bytes;
  }

  /** How many keys are in all partitions at a revision, or UNKNOWN. */
  long at(long revision) {
    return sum == null ? CountHistory.UNKNOWN : sum.at(revision);
  }

  /** The place of the partition that a key belongs to; the key is not below the start. */
  int placeOf(byte[] key) {
    return Bordered.placeOf(key, partitions);
  }

  /** A key was created or deleted at a revision, which is not below that of the last change. */
  void add(byte[] key, long revision, int change) {
    int place = placeOf(key);
    add(partitions.get(place).history(), revision, change);
    add(sum, revision, change);
    if (change < 0) {
      joinSmall(place);
      joinSmall(place - 1);
    }
  }

  private void add(@Nullable CountHistory history, long revision, int change) {
    if (history != null) {
      bytes -= history.bytes();
      history.add(revision, change);
      bytes += history.bytes();
    }
  }

  /** Joins a partition with the next one if both have become small; that leaves the sum. */
  private void joinSmall(int place) {
    if (place < 0 || place + 1 >= partitions.size()) {
      return;
    }
    CountPartition one = partitions.get(place);
    CountPartition next = partitions.get(place + 1);
    if (one.history() != null
        && next.history() != null
        && one.newest() + next.newest() <= bounds.partitionKeys() / 2) {
      CountPartition joined = one.join(next, bounds.partitionSteps());
      bytes += joined.bytes() - one.bytes() - next.bytes();
      partitions.set(place, joined);
      partitions.remove(place + 1);
    }
  }

  /** Replaces the partitions between two places by others; {@link #refresh} must follow. */
  void replace(int from, int to, List<CountPartition> others) {
    List<CountPartition> replaced = partitions.subList(from, to);
    replaced.clear();
    replaced.addAll(others);
  }

  /** Joins neighbours in pairs, if both are known or neither is; forgets many if there are none. */
  void coarsen() {
    List<CountPartition> joined = new ArrayList<>(partitions.size() / 2 + 1);
    for (int place = 0; place < partitions.size(); place++) {
      CountPartition one = partitions.get(place);
      CountPartition next = place + 1 < partitions.size() ? partitions.get(place + 1) : null;
      if (next != null && (one.history() == null) == (next.history() == null)) {
        one = one.join(next, bounds.partitionSteps());
        place++;
      }
      joined.add(one);
    }
    boolean mixed = joined.size() == partitions.size() && joined.size() > FEW;
    CountPartition unknown = new CountPartition(start(), null);
    partitions.clear();
    partitions.addAll(mixed ? List.of(unknown) : joined);
    refresh();
  }

  /** Adds up the partitions anew, after they were replaced. */
  void refresh() {
    long changed = 0;
    long count = 0;
    boolean known = true;
    bytes = OBJECT_BYTES;
    for (CountPartition partition : partitions) {
      bytes += partition.bytes();
      CountHistory history = partition.history();
      if (history == null) {
        known = false;
      } else {
        changed = Math.max(changed, history.changed());
        count += history.newest();
      }
    }
    sum = known ? new CountHistory(changed, count, bounds.blockSteps()) : null;
    bytes += sum == null ? 0 : sum.bytes();
  }
}
