// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.Iterator;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one key: at most one lock, and what ended transactions left. Guarded by the
 * cluster.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>There is one record per commit timestamp; a rollback stands at the start of its
 *       transaction.
 *   <li>A guarded rollback never disappears except by garbage collection: it stands as a record, or
 *       as a mark on the record that was in its place already.
 *   <li>A transaction has at most one record that is not a rollback.
 * </ol>
 */
final class Row {
  private final NavigableMap<Long, Write> writes = new TreeMap<>(Long::compareUnsigned);
  private @Nullable Lock lock;

  @Nullable Lock lock() {
    return lock;
  }

  @Nullable Lock lockOf(long startTs) {
    return lock != null && lock.startTs() == startTs ? lock : null;
  }

  void lock(Lock newLock) {
    lock = newLock;
  }

  /** How the transaction ended here; null if it did not, or not here. */
  @Nullable Write endOf(long startTs) {
    for (Write write : writes.tailMap(startTs, true).descendingMap().values()) {
      if (write.startTs() == startTs) {
        return write;
      }
    }
    Write there = writes.get(startTs);
    return there != null && there.overlapped() ? Write.rollback(startTs, true) : null;
  }

  /** The newest record of any kind. */
  @Nullable Write newest() {
    return writes.isEmpty() ? null : writes.lastEntry().getValue();
  }

  /** The version that a read at the timestamp sees; null if the key is not there then. */
  @Nullable Write versionAt(long timestamp) {
    for (Write write : writes.headMap(timestamp, true).descendingMap().values()) {
      switch (write.kind()) {
        case PUT -> {
          return write;
        }
        case DELETE -> {
          return null;
        }
        case LOCK, ROLLBACK -> {}
      }
    }
    return null;
  }

  /** Ends the locked transaction; its lock is gone. */
  void commit(Lock committed, long commitTs) {
    lock = null;
    Write there = writes.get(commitTs);
    if (there != null && (!there.isRollback() || there.guarded())) {
      throw new IllegalStateException("a commit at " + commitTs + " would overwrite " + there);
    }
    writes.put(commitTs, committed.committed(commitTs));
  }

  /**
   * Notes that the transaction will never commit here; its lock is gone. Unless guarded, the note
   * may be missing where a record is in its place, and an older one that is not guarded is swept
   * away: what is newer refuses both transactions.
   */
  void rollback(long startTs, boolean guarded) {
    if (lockOf(startTs) != null) {
      lock = null;
    }
    Write there = writes.get(startTs);
    if (there == null) {
      writes.put(startTs, Write.rollback(startTs, guarded));
    } else if (guarded) {
      writes.put(
          startTs,
          there.isRollback() ? Write.rollback(startTs, true) : there.withOverlappedRollback());
    }
    if (!guarded) {
      var older = writes.lowerEntry(startTs);
      if (older != null && older.getValue().isRollback() && !older.getValue().guarded()) {
        writes.remove(older.getKey());
      }
    }
  }

  /** Drops what no read at or after the safe point sees. True if nothing is left of the key. */
  boolean collect(long safePoint) {
    Iterator<Write> old = writes.headMap(safePoint, true).descendingMap().values().iterator();
    boolean seen = false;
    while (old.hasNext()) {
      Write write = old.next();
      if (seen || write.kind() != Write.Kind.PUT) {
        old.remove();
      }
      seen |= write.kind() == Write.Kind.PUT || write.kind() == Write.Kind.DELETE;
    }
    return lock == null && writes.isEmpty();
  }
}
