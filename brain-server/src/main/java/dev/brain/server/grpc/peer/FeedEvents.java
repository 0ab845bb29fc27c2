// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.List;

/** Turns the events of a watch into revisions. */
final class FeedEvents {
  private FeedEvents() {}

  /**
   * The revisions of events.
   *
   * @param events those of whole revisions, ascending
   */
  static List<Revision> revisions(List<dev.brain.proto.mvccpb.Event> events) {
    List<Revision> revisions = new ArrayList<>();
    List<Event> together = new ArrayList<>();
    long number = 0;
    for (dev.brain.proto.mvccpb.Event event : events) {
      long revision = event.getKv().getModRevision();
      if (revision != number && !together.isEmpty()) {
        revisions.add(new Revision(number, together));
        together = new ArrayList<>();
      }
      number = revision;
      together.add(event(event));
    }
    revisions.add(new Revision(number, together));
    return revisions;
  }

  private static Event event(dev.brain.proto.mvccpb.Event event) {
    KeyValue now = event.getKv();
    boolean delete = event.getType() == dev.brain.proto.mvccpb.Event.EventType.DELETE;
    return new Event(
        Key.of(now.getKey().toByteArray()),
        delete ? Row.tombstone(now.getModRevision()) : row(now),
        event.hasPrevKv() ? row(event.getPrevKv()) : null);
  }

  private static Row row(KeyValue keyValue) {
    return Row.live(
        keyValue.getCreateRevision(),
        keyValue.getModRevision(),
        keyValue.getVersion(),
        keyValue.getLease(),
        keyValue.getValue().toByteArray());
  }
}
