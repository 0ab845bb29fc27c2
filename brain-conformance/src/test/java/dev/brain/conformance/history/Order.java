// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * The total order of changes, revision by revision, as the watches of all keys tell it together.
 * One watch may have been told of some revisions only; two that were told of the same have to agree.
 */
final class Order {
  /** One revision: its events and when the first watch was told. */
  static final class Entry {
    final long revision;
    final List<Event> events;
    long firstSeen;
    @Nullable Operation author;

    Entry(long revision, List<Event> events, long firstSeen) {
      this.revision = revision;
      this.events = events;
      this.firstSeen = firstSeen;
    }
  }

  private final TreeMap<Long, Entry> entries = new TreeMap<>();

  /** What the watches of all keys tell. */
  static Order of(List<Watch> watches, Violations violations) {
    Order order = new Order();
    for (Watch watch : watches) {
      if (watch.span().equals(Span.ALL)) {
        order.add(watch, violations);
      }
    }
    return order;
  }

  /** Every revision, ascending. */
  NavigableMap<Long, Entry> entries() {
    return entries;
  }

  /** Whether a revision has events, or is the one of an empty server. */
  boolean has(long revision) {
    return revision == 1 || entries.containsKey(revision);
  }

  private void add(Watch watch, Violations violations) {
    List<Event> same = new ArrayList<>();
    long time = 0;
    for (Watch.Message message : watch.messages()) {
      if (message instanceof Watch.Message.Events events) {
        for (Event event : events.events()) {
          if (!same.isEmpty() && same.getFirst().revision() != event.revision()) {
            add(same, time, watch, violations);
            same = new ArrayList<>();
          }
          same.add(event.bare());
          time = message.time();
        }
      }
    }
    if (!same.isEmpty()) {
      add(same, time, watch, violations);
    }
  }

  private void add(List<Event> events, long time, Watch watch, Violations violations) {
    long revision = events.getFirst().revision();
    Entry before = entries.putIfAbsent(revision, new Entry(revision, events, time));
    if (before != null) {
      before.firstSeen = Math.min(before.firstSeen, time);
      if (!before.events.equals(events)) {
        violations.add(
            Rule.ONE_ORDER,
            "revision %d is %s, and %s on %s",
            revision,
            before.events,
            events,
            watch.node());
      }
    }
  }
}
