// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import java.util.Arrays;

/**
 * How many keys something holds, at each revision from a first one on. Guarded by its {@link
 * CountIndex}.
 */
final class CountHistory {
  /*
   * Steps in ascending order of their revisions: the count of a step holds from its revision on, up to
   * that of the next step. At the bound the older half is forgotten, and the first revision rises.
   */

  /** In place of a count that is not known. */
  static final long UNKNOWN = -1;

  private static final int OBJECT_BYTES = 48;

  private final int mostSteps;

  /** Revision and count of each step, in turn. */
  private long[] steps;

  private int length = 2;

  /** A count that holds from a revision on. */
  CountHistory(long revision, long count, int mostSteps) {
    this.mostSteps = mostSteps;
    this.steps = new long[] {revision, count};
  }

  /** The count at a revision that is not above the newest published one, or UNKNOWN. */
  long at(long revision) {
    if (revision >= changed()) {
      return newest();
    }
    int low = 0;
    int high = length / 2 - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (steps[2 * middle] <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? UNKNOWN : steps[2 * low - 1];
  }

  /** The count after the last change. */
  long newest() {
    return steps[length - 1];
  }

  /** The revision of the last change, or the first revision. */
  long changed() {
    return steps[length - 2];
  }

  /** Changes the count from a revision on, which is not below that of the last change. */
  void add(long revision, int change) {
    if (changed() == revision) {
      steps[length - 1] += change;
      return;
    }
    long count = newest() + change;
    if (length == 2 * mostSteps) {
      int forgotten = mostSteps / 2 * 2;
      length -= forgotten;
      System.arraycopy(steps, forgotten, steps, 0, length);
    } else if (length == steps.length) {
      steps = Arrays.copyOf(steps, Math.min(2 * steps.length, 2 * mostSteps));
    }
    steps[length++] = revision;
    steps[length++] = count;
  }

  /** About the memory that this takes. */
  long bytes() {
    return OBJECT_BYTES + (long) Long.BYTES * steps.length;
  }
}
