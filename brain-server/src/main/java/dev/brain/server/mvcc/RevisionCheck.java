// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;

/** Whether a revision can be read. */
final class RevisionCheck {
  /** The compact revision of a store that was never compacted, as in etcd; 0 can be compacted. */
  static final long NEVER_COMPACTED = -1;

  private RevisionCheck() {}

  /**
   * Checks the revision of a read.
   *
   * @param asked the revision asked for; 0 or less for the newest
   * @throws FailureException if it is above {@code newest} or below {@code compacted}
   */
  static void read(long asked, long newest, long compacted) throws FailureException {
    if (asked > newest) {
      throw new FailureException(new Failure.FutureRevision());
    }
    if (asked > 0 && asked < compacted) {
      throw compacted(compacted);
    }
  }

  /**
   * Checks the revision of a range inside a transaction. There, unlike in a plain read, etcd takes
   * only 0 for the newest, and a negative number for an old revision.
   */
  static void inTxn(long asked, long newest, long compacted) throws FailureException {
    if (asked > newest) {
      throw new FailureException(new Failure.FutureRevision());
    }
    if (asked != 0 && asked < compacted) {
      throw compacted(compacted);
    }
  }

  private static FailureException compacted(long compacted) {
    return new FailureException(new Failure.Compacted(Math.max(0, compacted)));
  }
}
