// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.EncodedEvent;
import java.util.ArrayList;
import java.util.List;

/** One watch: a cursor into the order of revisions. Belongs to the thread of its loop. */
final class Watcher {
  enum State {
    /** Not served yet. */
    NEW,
    /** In the index; has been given everything up to the position of the loop. */
    LIVE,
    /** Misses what lies between its cursor and the position of the loop. */
    BEHIND,
    /** Cancelled, by either side. */
    ENDED
  }

  final WatchSession session;
  final long id;
  final WatchSpec spec;

  /** The least revision that a note of progress may carry. */
  final long floor;

  /** Everything below was given, or is not wanted. Only a lower bound while live. */
  long next;

  State state = State.NEW;

  /** The place in the group, while live. */
  int place;

  /** Whether no events were sent since the last tick. */
  boolean quiet = true;

  Watcher(WatchSession session, long id, WatchSpec spec, long next, long floor) {
    this.session = session;
    this.id = id;
    this.spec = spec;
    this.next = next;
    this.floor = floor;
  }

  /** Those of the events of its range that this watcher wants; the same list if it wants all. */
  List<EncodedEvent> select(List<EncodedEvent> events) {
    if (spec.wantsAll() && events.getFirst().revision() >= next) {
      return events;
    }
    List<EncodedEvent> wanted = new ArrayList<>();
    for (EncodedEvent event : events) {
      if (event.revision() >= next && spec.wants(event)) {
        wanted.add(event);
      }
    }
    return wanted;
  }

  WatchBatch batch(List<EncodedEvent> events, long revision) {
    return new WatchBatch(id, revision, events, spec.previous(), spec.fragment());
  }
}
