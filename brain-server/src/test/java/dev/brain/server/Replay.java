// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import com.google.protobuf.ByteString;
import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import dev.brain.server.mvcc.Replica;
import dev.brain.server.mvcc.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The event log of an engine from the first revision on, and the key space at each revision. Reads
 * the log before it is compacted. For one thread.
 */
final class Replay {
  private final TreeMap<Long, List<Event>> log = new TreeMap<>();
  private final TreeMap<Long, SortedMap<String, KeyValue>> states = new TreeMap<>();
  private long next = 2;

  Replay() {
    states.put(1L, new TreeMap<>());
  }

  /**
   * Reads what the log has up to a revision, which is published.
   *
   * @param engine holds every revision that was not read yet
   */
  void readThrough(Engine engine, long revision) throws FailureException {
    if (revision < next) {
      return;
    }
    new Replica(engine, StoreConfig.DEFAULT, revision)
        .log()
        .read(KeyRange.all(), next, revision, Integer.MAX_VALUE, Long.MAX_VALUE)
        .revisions()
        .forEach(this::add);
    next = revision + 1;
  }

  private void add(Revision revision) {
    List<Event> events = new ArrayList<>();
    SortedMap<String, KeyValue> state = new TreeMap<>(states.lastEntry().getValue());
    for (dev.brain.server.kv.Event event : revision.events()) {
      KeyValue keyValue = keyValue(event.key(), event.row());
      Event.Builder encoded = Event.newBuilder().setKv(keyValue);
      Row previous = event.previous();
      if (previous != null) {
        encoded.setPrevKv(keyValue(event.key(), previous));
      }
      String key = keyValue.getKey().toStringUtf8();
      if (event.isDelete()) {
        encoded.setType(Event.EventType.DELETE);
        state.remove(key);
      } else {
        state.put(key, keyValue);
      }
      events.add(encoded.build());
    }
    log.put(revision.number(), events);
    states.put(revision.number(), state);
  }

  private static KeyValue keyValue(Key key, Row row) {
    KeyValue.Builder builder =
        KeyValue.newBuilder()
            .setKey(ByteString.copyFrom(key.bytes()))
            .setModRevision(row.modRevision());
    if (!row.isTombstone()) {
      builder
          .setCreateRevision(row.createRevision())
          .setVersion(row.version())
          .setLease(row.lease())
          .setValue(ByteString.copyFrom(row.value()));
    }
    return builder.build();
  }

  /** The events of each revision that has some, ascending. */
  SortedMap<Long, List<Event>> log() {
    return log;
  }

  /** The live keys at a revision. */
  SortedMap<String, KeyValue> stateAt(long revision) {
    return Objects.requireNonNull(states.floorEntry(revision)).getValue();
  }
}
