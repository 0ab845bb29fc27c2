// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import org.jspecify.annotations.Nullable;

/**
 * The keys from one border to the next.
 *
 * @param start the first key that can be in it; must not be changed
 * @param history how many there are; null if that is not known
 */
record CountPartition(byte[] start, @Nullable CountHistory history) implements Bordered {
  private static final int OBJECT_BYTES = 48;

  /** How many keys are in it at a revision, or UNKNOWN. */
  long at(long revision) {
    return history == null ? CountHistory.UNKNOWN : history.at(revision);
  }

  /** How many keys are in it after the last change, or UNKNOWN. */
  long newest() {
    return history == null ? CountHistory.UNKNOWN : history.newest();
  }

  /** This partition and the next one as one; known from the last change on, if both are. */
  CountPartition join(CountPartition next, int mostSteps) {
    if (history == null || next.history == null) {
      return new CountPartition(start, null);
    }
    return new CountPartition(
        start,
        new CountHistory(
            Math.max(history.changed(), next.history.changed()),
            history.newest() + next.history.newest(),
            mostSteps));
  }

  long bytes() {
    return OBJECT_BYTES + start.length + (history == null ? 0 : history.bytes());
  }
}
