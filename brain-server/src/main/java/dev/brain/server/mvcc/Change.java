// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Row;
import org.jspecify.annotations.Nullable;

/**
 * What one event does to the rows of one key.
 *
 * @param head the key, pinned until the change is settled
 * @param before the row that is replaced, a tombstone included; null if there was none
 * @param after the row that replaces it, a tombstone for a delete
 */
record Change(Head head, @Nullable Row before, Row after) {

  Event event() {
    return new Event(head.key(), after, liveBefore());
  }

  @Nullable Row liveBefore() {
    return before == null || before.isTombstone() ? null : before;
  }

  /** Adds the rows of this change, the {@code sub}th of its revision, to a batch. */
  void writeTo(WriteBatch batch, int sub) {
    byte[] key = head.key().bytes();
    batch.put(Space.HEAD, key, after.bytes());
    if (before != null) {
      batch.put(Space.HISTORY, RowKeys.history(key, before.modRevision()), before.bytes());
    }
    long previous = before == null ? 0 : before.modRevision();
    batch.put(
        Space.LOG,
        RowKeys.log(after.modRevision(), sub),
        new LogEntry(head.key(), previous, after.isTombstone()).encode());
    writeLeaseTo(batch);
  }

  private void writeLeaseTo(WriteBatch batch) {
    long old = before == null ? 0 : before.lease();
    long attached = after.lease();
    if (old == attached) {
      return;
    }
    if (old != 0) {
      batch.delete(Space.META, MetaKeys.leaseKey(old, head.key()));
    }
    if (attached != 0) {
      batch.put(Space.META, MetaKeys.leaseKey(attached, head.key()), new byte[0]);
    }
  }

  /** How many bytes this change holds in memory until it is settled, roughly. */
  long bytes() {
    return 2L * head.key().bytes().length
        + after.bytes().length
        + (before == null ? 0 : before.bytes().length);
  }
}
