// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import com.google.protobuf.ByteString;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Keys at the present revision only, and those who want to hear of changes. */
public final class FakeStore {
  /** How many of the next transactions are refused. */
  public final AtomicInteger refusals = new AtomicInteger();

  /** How many of the next events reach nobody. */
  public final AtomicInteger lostEvents = new AtomicInteger();

  /** Whether what is refused is applied all the same. */
  public final AtomicBoolean appliesRefused = new AtomicBoolean();

  /** All guarded by this. */
  private final NavigableMap<ByteString, KeyValue> keys =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());

  private final List<Consumer<Event>> listeners = new ArrayList<>();
  private long revision = 1;

  /** Of the last change. */
  public synchronized long revision() {
    return revision;
  }

  /** The keys of a range; a range without an end is one key. */
  synchronized NavigableMap<ByteString, KeyValue> range(ByteString start, ByteString end) {
    if (end.isEmpty()) {
      return new TreeMap<>(keys.subMap(start, true, start, true));
    }
    return new TreeMap<>(keys.subMap(start, true, end, false));
  }

  synchronized long modRevision(ByteString key) {
    KeyValue present = keys.get(key);
    return present == null ? 0 : present.getModRevision();
  }

  synchronized void put(ByteString key, ByteString value) {
    revision++;
    KeyValue kv =
        KeyValue.newBuilder().setKey(key).setValue(value).setModRevision(revision).build();
    keys.put(key, kv);
    tell(Event.newBuilder().setKv(kv).build());
  }

  synchronized int delete(ByteString start, ByteString end) {
    NavigableMap<ByteString, KeyValue> gone = range(start, end);
    revision++;
    for (ByteString key : gone.keySet()) {
      keys.remove(key);
      KeyValue kv = KeyValue.newBuilder().setKey(key).setModRevision(revision).build();
      tell(Event.newBuilder().setType(Event.EventType.DELETE).setKv(kv).build());
    }
    return gone.size();
  }

  synchronized void listen(Consumer<Event> listener) {
    listeners.add(listener);
  }

  /** How many keys contain a text. */
  public synchronized long count(String text) {
    return keys.keySet().stream().filter(key -> key.toStringUtf8().contains(text)).count();
  }

  /** Removes the first key that contains a text, without a trace. */
  public synchronized void lose(String text) {
    keys.keySet().stream()
        .filter(key -> key.toStringUtf8().contains(text))
        .findFirst()
        .ifPresent(keys::remove);
  }

  private void tell(Event event) {
    if (lostEvents.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      listeners.forEach(listener -> listener.accept(event));
    }
  }
}
