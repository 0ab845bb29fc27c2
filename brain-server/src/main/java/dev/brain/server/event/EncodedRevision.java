// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Event;
import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;

/**
 * A revision in the form that watchers share.
 *
 * @param number the revision
 * @param events its events, in order; at least one
 * @param bytes about the memory that it takes
 */
public record EncodedRevision(long number, List<EncodedEvent> events, long bytes) {
  /** The objects around the bytes of one event, and its share of the objects of its revision. */
  private static final int EVENT_OVERHEAD = 160;

  public EncodedRevision {
    events = List.copyOf(events);
  }

  /** The shared form of a revision. */
  public static EncodedRevision of(Revision revision) {
    List<EncodedEvent> events = new ArrayList<>(revision.events().size());
    for (Event event : revision.events()) {
      events.add(EncodedEvent.of(event));
    }
    return of(revision.number(), events);
  }

  static EncodedRevision of(long number, List<EncodedEvent> events) {
    long bytes = 0;
    for (EncodedEvent event : events) {
      bytes += EVENT_OVERHEAD + event.key().bytes().length + event.length(true);
    }
    return new EncodedRevision(number, events, bytes);
  }
}
