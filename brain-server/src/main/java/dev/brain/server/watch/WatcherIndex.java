// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.kv.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The live watchers, found by the key of an event. Watchers of a single key cost a hash lookup for
 * all of them together, watchers of ranges a search in a tree of the distinct ranges. One thread.
 */
final class WatcherIndex {
  private final Map<Key, WatcherGroup> keys = new HashMap<>();
  private final Map<KeyRange, WatcherGroup> ranges = new HashMap<>();
  private final RangeTree tree;

  WatcherIndex(RandomGenerator random) {
    this.tree = new RangeTree(random);
  }

  /** Adds a watcher that is not in the index. */
  void add(Watcher watcher) {
    KeyRange range = watcher.spec.range();
    WatcherGroup group;
    if (range.isSingle()) {
      group = keys.computeIfAbsent(Key.of(range.start()), key -> new WatcherGroup(range));
    } else {
      group = ranges.computeIfAbsent(range, WatcherGroup::new);
      if (group.isEmpty()) {
        tree.add(group);
      }
    }
    group.add(watcher);
  }

  /** Removes a watcher that is in the index. */
  void remove(Watcher watcher) {
    KeyRange range = watcher.spec.range();
    boolean single = range.isSingle();
    WatcherGroup group = single ? keys.get(Key.of(range.start())) : ranges.get(range);
    if (group == null) {
      throw new IllegalStateException("watcher " + watcher.id + " is not in the index");
    }
    group.remove(watcher);
    if (!group.isEmpty()) {
      return;
    }
    if (single) {
      keys.remove(Key.of(range.start()));
    } else {
      ranges.remove(range);
      tree.remove(range);
    }
  }

  /** Gives an event to the groups of its key. */
  void collect(EncodedEvent event, WatcherGroup.Collector collector) {
    collector.offer(event);
    WatcherGroup group = keys.get(event.key());
    if (group != null) {
      collector.add(group);
    }
    tree.find(event.key().bytes(), collector);
  }

  /** All watchers, in no order. */
  List<Watcher> watchers() {
    List<Watcher> all = new ArrayList<>();
    for (Map<?, WatcherGroup> groups : List.of(keys, ranges)) {
      for (WatcherGroup group : groups.values()) {
        for (int place = 0; place < group.size(); place++) {
          all.add(group.member(place));
        }
      }
    }
    return all;
  }
}
