// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.util.function.LongSupplier;

/** How far the store is compacted: nothing below can be read. Thread-safe. */
interface Compaction {
  /** The last compaction that is known, or -1 if there was none; never goes down. */
  long revision();

  /**
   * The last compaction whose deletions a snapshot may lack, or -1 if there was none.
   *
   * @param snapshot taken before this is asked
   */
  long revision(Snapshot snapshot);

  /** That of the node that compacts: its number is raised before anything is deleted. */
  static Compaction own(LongSupplier compactRevision) {
    return new Compaction() {
      @Override
      public long revision() {
        return compactRevision.getAsLong();
      }

      @Override
      public long revision(Snapshot snapshot) {
        return compactRevision.getAsLong();
      }
    };
  }

  /** Reads what another node has stored of it. Blocks. */
  static long stored(Snapshot snapshot) {
    byte[] stored = snapshot.get(Space.META, MetaKeys.COMPACT_REVISION);
    return stored == null
        ? RevisionCheck.NEVER_COMPACTED
        : MetaKeys.number(MetaKeys.COMPACT_REVISION, stored);
  }
}
