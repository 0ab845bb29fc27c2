// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import dev.brain.conformance.history.Watch.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A history told by hand. Each operation has a client of its own, unless {@link #by} names one, and
 * asks node n1, unless {@link #on} names another. For one thread.
 */
final class Story {
  private final List<Operation> operations = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private @Nullable String client;
  private String node = "n1";

  /** The next operation is of this client. */
  Story by(String next) {
    client = next;
    return this;
  }

  /** All that follows is on this node. */
  Story on(String next) {
    node = next;
    return this;
  }

  Story did(long called, long returned, Request request, Outcome outcome) {
    String name = client == null ? "c" + operations.size() : client;
    operations.add(new Operation(name, node, called, returned, request, outcome));
    client = null;
    return this;
  }

  /** A put that was answered. */
  Story put(long called, long returned, String key, String value, long revision) {
    return did(called, returned, new Request.Put(key, value, 0), done(revision));
  }

  /** A linearizable read of one key that was answered. */
  Story get(long called, long returned, String key, long revision, KeyValue... found) {
    return did(
        called, returned, Request.Range.of(Span.of(key)), rows(revision, found.length, found));
  }

  Story watch(Span span, long start, Message... messages) {
    List<Message> all = new ArrayList<>();
    all.add(new Message.Created(1, 1));
    all.addAll(Arrays.asList(messages));
    return raw(new Watch(node, span, start, true, all));
  }

  /** A watch of everything from revision 1. */
  Story watch(Message... messages) {
    return watch(Span.ALL, 1, messages);
  }

  Story raw(Watch watch) {
    watches.add(watch);
    return this;
  }

  History end() {
    return new History(List.copyOf(operations), List.copyOf(watches));
  }

  static Outcome done(long revision) {
    return new Outcome.Answered(revision, new Result.Done());
  }

  static Outcome rows(long revision, long count, KeyValue... found) {
    return new Outcome.Answered(
        revision, new Result.Rows(List.of(found), count, found.length < count));
  }

  static Outcome branch(long revision, boolean succeeded, Result... results) {
    return new Outcome.Answered(revision, new Result.Branch(succeeded, List.of(results)));
  }

  static Outcome refused(Outcome.Reason reason) {
    return new Outcome.Refused(reason);
  }

  static Outcome unknown() {
    return new Outcome.Unknown();
  }

  /** The first version of a key. */
  static KeyValue created(String key, String value, long revision) {
    return new KeyValue(key, value, revision, revision, 1, 0);
  }

  /** Version {@code version} of a key. */
  static KeyValue version(String key, String value, long create, long mod, long version) {
    return new KeyValue(key, value, create, mod, version, 0);
  }

  static KeyValue leased(String key, String value, long revision, long lease) {
    return new KeyValue(key, value, revision, revision, 1, lease);
  }

  static Event event(KeyValue now) {
    return new Event(false, now, null);
  }

  static Event event(KeyValue now, KeyValue before) {
    return new Event(false, now, before);
  }

  static Event deleted(KeyValue before, long revision) {
    return new Event(true, KeyValue.tombstone(before.key(), revision), before);
  }

  /** Events under a header with the revision of the last one. */
  static Message events(long time, Event... events) {
    return new Message.Events(time, events[events.length - 1].revision(), List.of(events));
  }

  static Message progress(long time, long revision) {
    return new Message.Progress(time, revision);
  }
}
