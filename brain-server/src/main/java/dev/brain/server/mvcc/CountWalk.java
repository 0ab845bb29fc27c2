// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.mvcc.CountIndex.Gap;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over the partitions of a range. Guarded by its {@link CountIndex}. */
final class CountWalk {
  /** The most partitions looked at in one go, so that the publisher does not wait long. */
  private static final int MOST_STEPS = 4_096;

  private final List<CountBlock> blocks;
  private final KeyRange range;
  private final long revision;
  private final int partitionKeys;
  private int steps;
  private int block;
  private int place;

  /**
   * Begins at the start of a range.
   *
   * @param partitionKeys how many keys a partition should have
   */
  CountWalk(List<CountBlock> blocks, KeyRange range, long revision, int partitionKeys) {
    this.blocks = blocks;
    this.range = range;
    this.revision = revision;
    this.partitionKeys = partitionKeys;
    this.block = Bordered.placeOf(range.start(), blocks);
    this.place = blocks.get(block).placeOf(range.start());
  }

  /** Adds up until it meets something that is not known. */
  long sum() {
    long count = 0;
    if (!Arrays.equals(start(), range.start())) {
      return count;
    }
    while (!isDone() && steps < MOST_STEPS) {
      steps++;
      long known = place == 0 && isWithin(startOfNext()) ? here().at(revision) : -1;
      if (known >= 0) {
        block++;
      } else {
        known = isAnswered() ? partition().at(revision) : -1;
        if (known < 0) {
          return count;
        }
        next();
      }
      count += known;
    }
    return count;
  }

  /** From here to where something is known again. */
  Gap gap() {
    byte[] start = Arrays.compareUnsigned(start(), range.start()) < 0 ? range.start() : start();
    if (steps >= MOST_STEPS) {
      return new Gap(new KeyRange(start, start), 0);
    }
    boolean learnable = isLearnable(partition());
    do {
      steps++;
      next();
    } while (!isDone()
        && !isAnswered()
        && isLearnable(partition()) == learnable
        && steps < MOST_STEPS);
    return new Gap(
        new KeyRange(start, isDone() ? range.end() : start()), learnable ? partitionKeys : 0);
  }

  /** Whether the whole range lies behind. */
  boolean isDone() {
    byte[] end = range.end();
    return block == blocks.size() || (end != null && Arrays.compareUnsigned(start(), end) >= 0);
  }

  /** Whether every partition of the range is unknown or too large; goes through to the end. */
  boolean isLearnable() {
    while (!isDone()) {
      if (!isLearnable(partition())) {
        return false;
      }
      next();
    }
    return true;
  }

  private boolean isLearnable(CountPartition partition) {
    return partition.history() == null || partition.newest() > 2L * partitionKeys;
  }

  private CountBlock here() {
    return blocks.get(block);
  }

  private CountPartition partition() {
    return here().get(place);
  }

  private byte[] start() {
    return partition().start();
  }

  private boolean isAnswered() {
    byte @Nullable [] end =
        place + 1 < here().size() ? here().get(place + 1).start() : startOfNext();
    return isWithin(end) && partition().at(revision) >= 0;
  }

  private byte @Nullable [] startOfNext() {
    return block + 1 < blocks.size() ? blocks.get(block + 1).start() : null;
  }

  /** Whether something with this end, null for the end of all keys, is all in the range. */
  private boolean isWithin(byte @Nullable [] end) {
    byte[] last = range.end();
    return last == null || (end != null && Arrays.compareUnsigned(end, last) <= 0);
  }

  private void next() {
    place++;
    if (place == here().size()) {
      place = 0;
      block++;
    }
  }
}
