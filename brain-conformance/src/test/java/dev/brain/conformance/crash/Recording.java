// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import dev.brain.conformance.client.Answer;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/*
 * What clients were told over all starts of a server, and the rules that its history has to keep:
 *   1. an answered write is in the history at the revision of its answer;
 *   2. a write whose outcome is unknown is in it at most once, and once absent stays absent;
 *   3. nothing is in it that nobody wrote;
 *   4. a revision that was seen once keeps its events for ever, and no revision is missing;
 *   5. a watch was told every event of the revisions that it has covered;
 *   6. what the server holds is what its history leads to.
 */
final class Recording {
  private final Map<String, Long> answered = new ConcurrentHashMap<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Set<String> absent = new HashSet<>();
  private final Map<Long, String> seen = new TreeMap<>();
  private final ConcurrentLinkedQueue<Event> watched = new ConcurrentLinkedQueue<>();

  /** Notes what came of a write. Thread-safe. */
  void record(Write write, Answer answer) {
    switch (answer.message()) {
      case PutResponse put -> answered.put(write.value(), put.getHeader().getRevision());
      case TxnResponse txn -> answered.put(write.value(), txn.getHeader().getRevision());
      case null, default -> unknown.add(write.value());
    }
  }

  /** Notes an event of the watch that goes on over all starts. Thread-safe. */
  void watched(Event event) {
    watched.add(event);
  }

  int answered() {
    return answered.size();
  }

  int unknown() {
    return unknown.size();
  }

  int events() {
    return seen.size();
  }

  /** The last revision that a client was told of, by an answer or by the watch. */
  long lastPromised() {
    long last = watched.stream().mapToLong(event -> event.getKv().getModRevision()).max().orElse(0);
    return answered.values().stream().mapToLong(Long::longValue).reduce(last, Math::max);
  }

  /** The rules that a history breaks; empty when it keeps all. */
  List<String> faults(History history) {
    List<String> faults = new ArrayList<>();
    Map<String, Long> written = new HashMap<>();
    long expected = 2;
    for (Map.Entry<Long, List<Event>> entry : history.events().entrySet()) {
      long revision = entry.getKey();
      if (revision != expected) {
        faults.add("revision " + expected + " is missing, next is " + revision);
      }
      expected = revision + 1;
      for (Event event : entry.getValue()) {
        String value = event.getKv().getValue().toStringUtf8();
        if (event.getType() == Event.EventType.PUT && written.put(value, revision) != null) {
          faults.add("written twice: " + value);
        }
      }
      String content = content(entry.getValue());
      String before = seen.putIfAbsent(revision, content);
      if (before != null && !before.equals(content)) {
        faults.add("revision " + revision + " was " + before + " and is " + content);
      }
    }
    writes(written, faults);
    long highest = history.revision();
    seen.keySet().stream()
        .filter(revision -> revision > highest)
        .forEach(revision -> faults.add("revision " + revision + " was seen and is gone"));
    watch(history, faults);
    current(history, faults);
    return faults;
  }

  private void writes(Map<String, Long> written, List<String> faults) {
    answered.forEach(
        (value, revision) -> {
          if (!revision.equals(written.get(value))) {
            faults.add(
                "answered with " + revision + ", found at " + written.get(value) + ": " + value);
          }
        });
    for (String value : written.keySet()) {
      if (!answered.containsKey(value) && !unknown.contains(value)) {
        faults.add("nobody wrote " + value);
      }
    }
    for (String value : absent) {
      if (written.containsKey(value)) {
        faults.add("was absent after a restart and appears later: " + value);
      }
    }
    unknown.stream().filter(value -> !written.containsKey(value)).forEach(absent::add);
  }

  // The watch resumes after what it has got, so that all its events together have no gap.
  private void watch(History history, List<String> faults) {
    Map<Long, List<Event>> got = new TreeMap<>();
    for (Event event : watched) {
      got.computeIfAbsent(event.getKv().getModRevision(), _ -> new ArrayList<>()).add(event);
    }
    long expected = 2;
    for (Map.Entry<Long, List<Event>> entry : got.entrySet()) {
      if (entry.getKey() != expected) {
        faults.add("the watch has no events of revision " + expected);
        return;
      }
      expected++;
      List<Event> truth = history.events().getOrDefault(entry.getKey(), List.of());
      if (!content(entry.getValue()).equals(content(truth))) {
        faults.add(
            "the watch was told at "
                + entry.getKey()
                + " "
                + content(entry.getValue())
                + " and the history has "
                + content(truth));
      }
    }
  }

  private static void current(History history, List<String> faults) {
    Map<String, KeyValue> model = new TreeMap<>();
    for (List<Event> events : history.events().values()) {
      for (Event event : events) {
        String key = event.getKv().getKey().toStringUtf8();
        if (event.getType() == Event.EventType.PUT) {
          model.put(key, event.getKv());
        } else {
          model.remove(key);
        }
      }
    }
    Map<String, KeyValue> current = new LinkedHashMap<>();
    history.current().forEach(kv -> current.put(kv.getKey().toStringUtf8(), kv));
    if (!model.equals(current)) {
      faults.add("the keys are not what the history leads to");
    }
  }

  private static String content(List<Event> events) {
    StringBuilder content = new StringBuilder();
    for (Event event : events) {
      content
          .append(event.getType())
          .append(' ')
          .append(event.getKv().getKey().toStringUtf8())
          .append(" = ")
          .append(event.getKv().getValue().toStringUtf8().replaceAll("/x*$", ""))
          .append("; ");
    }
    return content.toString();
  }
}
