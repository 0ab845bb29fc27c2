// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.Revision;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Since when which keys were there and not there. For one thread. */
final class CountModel {
  private final Map<Key, NavigableMap<Long, Boolean>> keys = new TreeMap<>();

  void add(Revision revision) {
    for (Event event : revision.events()) {
      set(event.key(), revision.number(), !event.isDelete());
    }
  }

  /** An operation that changed something, alone in its revision. */
  void add(Op op, long revision) {
    switch (op) {
      case Op.Put put -> set(put.key(), revision, true);
      case Op.DeleteRange delete ->
          keys.keySet().stream()
              .filter(key -> delete.range().contains(key.bytes()))
              .forEach(key -> set(key, revision, false));
      case Op.Range ignored -> throw new IllegalArgumentException("changes nothing");
      case Op.Nested ignored -> throw new IllegalArgumentException("not a single operation");
    }
  }

  private void set(Key key, long revision, boolean live) {
    keys.computeIfAbsent(key, absent -> new TreeMap<>()).put(revision, live);
  }

  long count(KeyRange range, long revision) {
    return keys.entrySet().stream()
        .filter(entry -> range.contains(entry.getKey().bytes()))
        .filter(entry -> isLive(entry.getValue(), revision))
        .count();
  }

  private static boolean isLive(NavigableMap<Long, Boolean> changes, long revision) {
    Map.Entry<Long, Boolean> last = changes.floorEntry(revision);
    return last != null && last.getValue();
  }
}
