// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state before a transaction, as it looks to the transaction. Used in the sequencer's turn. */
final class TxnView implements AutoCloseable {
  private final OrderedState state;
  private final Map<Key, Head> pinned;
  private final @Nullable Snapshot snapshot;

  /**
   * @param pinned the heads that the transaction's single keys need; those of other keys that it
   *     changes are added, pinned
   * @param settled whether everything that was decided is in the engine, so that ranges can be read
   */
  TxnView(OrderedState state, Map<Key, Head> pinned, boolean settled) {
    this.state = state;
    this.pinned = pinned;
    this.snapshot = settled ? state.engine().snapshot() : null;
  }

  /** The pinned head of a key, known. */
  Head head(Key key) {
    Head head = pinned.get(key);
    if (head == null) {
      head = state.heads().pin(key);
      pinned.put(key, head);
    }
    state.heads().load(head);
    return head;
  }

  /** The pinned head of a key that exists, as {@link #live(KeyRange)} found it. */
  Head head(KeyValue found) {
    Head head = pinned.computeIfAbsent(found.key(), state.heads()::pin);
    state.heads().load(head, found.row());
    return head;
  }

  @Nullable Row live(Key key) {
    return head(key).live();
  }

  /** The keys of a range that exist, in key order. */
  List<KeyValue> live(KeyRange range) {
    if (range.isSingle()) {
      Head head = head(Key.of(range.start()));
      Row row = head.live();
      return row == null ? List.of() : List.of(new KeyValue(head.key(), row));
    }
    List<KeyValue> found = new ArrayList<>();
    at(state.revision()).visit(range, (key, row) -> found.add(new KeyValue(key, row)));
    return found;
  }

  /** The state at an older revision; only if the engine is settled. */
  RevisionView at(long revision) {
    if (snapshot == null) {
      throw new IllegalStateException("the engine is not settled");
    }
    return new RevisionView(snapshot, revision);
  }

  @Override
  public void close() {
    if (snapshot != null) {
      snapshot.close();
    }
  }
}
