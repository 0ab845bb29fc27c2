// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Deletes a bite of what a compaction made unreadable: tombstones from the heads, and rows of the
 * other spaces. It has to be ordered with the writes, because a key may be created again at any
 * time, and its tombstone then moves to the history.
 */
final class PurgeCommand implements Command {
  private final Map<Key, Long> tombstones;
  private final Consumer<WriteBatch> rows;
  private final HeadCache heads;
  private final Completion<Long> completion;
  private final Map<Key, Head> pinned = new HashMap<>();

  /**
   * @param tombstones keys, and the revision of the tombstone that each had
   * @param rows adds the deletions of other rows, which go with those of the tombstones
   */
  PurgeCommand(
      Map<Key, Long> tombstones,
      Consumer<WriteBatch> rows,
      HeadCache heads,
      Completion<Long> completion) {
    this.tombstones = Map.copyOf(tombstones);
    this.rows = rows;
    this.heads = heads;
    this.completion = completion;
  }

  @Override
  public boolean needsSettledEngine() {
    return false;
  }

  @Override
  public void prepare() {
    for (Key key : tombstones.keySet()) {
      Head head = heads.pin(key);
      pinned.put(key, head);
      heads.load(head);
    }
  }

  @Override
  public Decision decide(OrderedState state) {
    Map<Head, Row> purged = new LinkedHashMap<>();
    pinned.forEach(
        (key, head) -> {
          Row row = head.row();
          if (row != null
              && row.isTombstone()
              && tombstones.getOrDefault(key, 0L) == row.modRevision()) {
            purged.put(head, row);
          }
        });
    List<Head> removed = List.copyOf(purged.keySet());
    removed.forEach(head -> heads.assign(head, null));
    return new Decision.Write(
        Pending.purge(
            removed,
            batch -> {
              removed.forEach(head -> batch.delete(Space.HEAD, head.key().bytes()));
              rows.accept(batch);
            },
            new Effect() {
              @Override
              public void undone() {
                purged.forEach(heads::assign);
              }
            },
            Answer.of(state.revision(), completion)));
  }

  @Override
  public void release() {
    pinned.values().forEach(heads::unpin);
    pinned.clear();
  }

  @Override
  public void fail(Failure failure) {
    completion.fail(failure);
  }
}
