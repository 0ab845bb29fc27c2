// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;

/** Whether a revision can be read. */
final class RevisionCheck {
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
      throw new FailureException(new Failure.Compacted(compacted));
    }
  }

  /**
   * Checks the revision of a range inside a transaction. There, unlike in a plain read, etcd takes
   * a negative revision for an old one once anything was compacted.
   */
  static void inTxn(long asked, long newest, long compacted) throws FailureException {
    read(asked, newest, compacted);
    if (asked < 0 && compacted > 0) {
      throw new FailureException(new Failure.Compacted(compacted));
    }
  }
}
