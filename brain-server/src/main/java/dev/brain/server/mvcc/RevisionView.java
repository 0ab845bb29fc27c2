// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds at one revision, read from an engine snapshot. For one thread; ends with the
 * snapshot, which belongs to the caller.
 */
final class RevisionView {
  /*
   * The heads of the snapshot hold the newest version of each key. A head that is newer than the
   * revision is looked up in the history: the newest version at or below the revision. A snapshot that
   * was taken after the revision became visible, and before the revision was compacted, has all of
   * them. Keys that have a history but no head were deleted before the compact revision.
   */

  private final Snapshot snapshot;
  private final long revision;

  RevisionView(Snapshot snapshot, long revision) {
    this.snapshot = snapshot;
    this.revision = revision;
  }

  long revision() {
    return revision;
  }

  /** The version of a key, or null if it does not exist at the revision. */
  @Nullable Row live(Key key) {
    byte[] bytes = snapshot.get(Space.HEAD, key.bytes());
    if (bytes == null) {
      return null;
    }
    Row head = decode(bytes);
    return head.modRevision() <= revision ? liveOrNull(head) : older(key.bytes());
  }

  /** Visits the keys of a range that exist at the revision, in key order. */
  void visit(KeyRange range, RowVisitor visitor) {
    if (range.isEmpty() || !visitor.wantsMore()) {
      return;
    }
    if (range.isSingle()) {
      Key key = Key.of(range.start());
      Row row = live(key);
      if (row != null) {
        visitor.row(key, row);
      }
      return;
    }
    try (Cursor heads = snapshot.scan(Space.HEAD, range, ScanOptions.FORWARD)) {
      while (visitor.wantsMore() && heads.next()) {
        byte[] key = heads.key();
        Row head = decode(heads.value());
        Row row = head.modRevision() <= revision ? liveOrNull(head) : older(key);
        if (row != null) {
          visitor.row(Key.of(key), row);
        }
      }
    }
  }

  /** Counts the keys of a range that exist at the revision; reads no values. */
  long count(KeyRange range) {
    return count(range, key -> {});
  }

  /**
   * Counts the keys of a range that exist at the revision; reads no values.
   *
   * @param visitor is told of each of them, in key order, with what reads the key, until it returns
   */
  long count(KeyRange range, Consumer<Supplier<byte[]>> visitor) {
    if (range.isEmpty()) {
      return 0;
    }
    long count = 0;
    byte[] prefix = new byte[Row.REVISIONS_BYTES];
    try (Cursor heads = snapshot.scan(Space.HEAD, range, ScanOptions.FORWARD)) {
      Supplier<byte[]> key = heads::key;
      while (heads.next()) {
        int length = heads.value(prefix);
        if (isLive(heads, prefix, length)) {
          count++;
          visitor.accept(key);
        }
      }
    }
    return count;
  }

  private boolean isLive(Cursor heads, byte[] prefix, int length) {
    if (modRevision(prefix, length) <= revision) {
      return !Row.isTombstone(prefix);
    }
    return older(heads.key()) != null;
  }

  private static long modRevision(byte[] prefix, int length) {
    try {
      return Row.modRevision(prefix, length);
    } catch (IllegalArgumentException e) {
      throw new EngineException.Corrupted("stored row: " + e.getMessage(), e);
    }
  }

  private @Nullable Row older(byte[] key) {
    KeyRange versions = RowKeys.historyThrough(key, revision);
    try (Cursor cursor = snapshot.scan(Space.HISTORY, versions, ScanOptions.BACKWARD)) {
      return cursor.next() ? liveOrNull(decode(cursor.value())) : null;
    }
  }

  private static @Nullable Row liveOrNull(Row row) {
    return row.isTombstone() ? null : row;
  }

  static Row decode(byte[] bytes) {
    try {
      return Row.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new EngineException.Corrupted("stored row: " + e.getMessage(), e);
    }
  }
}
