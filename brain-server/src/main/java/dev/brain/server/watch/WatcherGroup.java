// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EncodedEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The live watchers of one range, which are given the same events. One thread. */
final class WatcherGroup {
  /*
   * While revisions are dispatched, the events of the range pile up here once, however many watchers
   * there are; then every watcher is given the same list.
   *
   * Each member knows its place, so that it leaves without a search: the last one takes its place.
   */

  /** Gives one event to groups, and remembers which groups have events now. */
  static final class Collector {
    private final List<WatcherGroup> groups = new ArrayList<>();
    private @Nullable EncodedEvent event;

    /** The event that the groups added from now on are given. */
    void offer(EncodedEvent next) {
      event = next;
    }

    void add(WatcherGroup group) {
      EncodedEvent next = event;
      if (next == null) {
        throw new IllegalStateException("no event is offered");
      }
      if (group.events.isEmpty()) {
        groups.add(group);
      }
      group.events.add(next);
    }

    /** The groups that have events. */
    List<WatcherGroup> groups() {
      return groups;
    }

    void clear() {
      groups.clear();
      event = null;
    }
  }

  private final KeyRange range;
  private final List<Watcher> members = new ArrayList<>();
  private List<EncodedEvent> events = new ArrayList<>();

  WatcherGroup(KeyRange range) {
    this.range = range;
  }

  KeyRange range() {
    return range;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  int size() {
    return members.size();
  }

  Watcher member(int place) {
    return members.get(place);
  }

  void add(Watcher watcher) {
    watcher.place = members.size();
    members.add(watcher);
  }

  void remove(Watcher watcher) {
    Watcher last = members.removeLast();
    if (last != watcher) {
      members.set(watcher.place, last);
      last.place = watcher.place;
    }
  }

  /** Takes the events that have piled up. */
  List<EncodedEvent> takeEvents() {
    List<EncodedEvent> taken = events;
    events = new ArrayList<>();
    return taken;
  }
}
