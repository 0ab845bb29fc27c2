// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys at one revision, and what etcd does with a request there. For one thread. */
final class Model {
  private final TreeMap<String, KeyValue> keys = new TreeMap<>();

  /** The version of a key, null if there is none. */
  @Nullable KeyValue get(String key) {
    return keys.get(key);
  }

  /** Whether all compares hold. */
  boolean holds(List<Request.Unchanged> compares) {
    for (Request.Unchanged compare : compares) {
      KeyValue current = keys.get(compare.key());
      if ((current == null ? 0 : current.modRevision()) != compare.modRevision()) {
        return false;
      }
    }
    return true;
  }

  /** What a range answers. */
  Result.Rows rows(Request.Range range) {
    List<KeyValue> found = new ArrayList<>();
    NavigableMap<String, KeyValue> within = within(range.span());
    for (KeyValue keyValue : within.values()) {
      if (range.limit() > 0 && found.size() == range.limit()) {
        break;
      }
      found.add(keyValue);
    }
    long count = within.size();
    return new Result.Rows(found, count, range.limit() > 0 && count > range.limit());
  }

  /** The keys of each lease among {@code leases}; this looks at every key. */
  Map<Long, List<String>> keysByLease() {
    Map<Long, List<String>> found = new HashMap<>();
    for (KeyValue keyValue : keys.values()) {
      if (keyValue.lease() != 0) {
        found.computeIfAbsent(keyValue.lease(), _ -> new ArrayList<>()).add(keyValue.key());
      }
    }
    return found;
  }

  /** What a request leads to: its events, with the versions before, and its result. */
  record Execution(List<Event> events, Result result) {}

  /** Executes a request that may write as if at {@code revision}. Changes nothing here. */
  Execution execute(Request request, long revision) {
    List<Event> events = new ArrayList<>();
    Result result;
    if (request instanceof Request.Txn txn) {
      boolean succeeded = holds(txn.compares());
      List<Result> results = new ArrayList<>();
      for (Request.Op op : succeeded ? txn.success() : txn.failure()) {
        results.add(run(op, revision, events));
      }
      result = new Result.Branch(succeeded, results);
    } else if (request instanceof Request.Op op) {
      result = run(op, revision, events);
    } else {
      result = new Result.Done();
    }
    for (Event event : events.reversed()) {
      set(event.key(), event.previous());
    }
    return new Execution(events, result);
  }

  private Result run(Request.Op op, long revision, List<Event> events) {
    return switch (op) {
      case Request.Range range -> rows(range);
      case Request.Put put -> {
        KeyValue old = keys.get(put.key());
        apply(
            new Event(
                false,
                new KeyValue(
                    put.key(),
                    put.value(),
                    old == null ? revision : old.createRevision(),
                    revision,
                    old == null ? 1 : old.version() + 1,
                    put.lease()),
                old),
            events);
        yield new Result.Done();
      }
      case Request.Delete(Span span) -> {
        List<KeyValue> old = List.copyOf(within(span).values());
        for (KeyValue each : old) {
          apply(new Event(true, KeyValue.tombstone(each.key(), revision), each), events);
        }
        yield new Result.Deleted(old.size());
      }
    };
  }

  private void apply(Event event, List<Event> events) {
    events.add(event);
    apply(event);
  }

  /** Makes a change. */
  void apply(Event event) {
    set(event.key(), event.delete() ? null : event.keyValue());
  }

  private void set(String key, @Nullable KeyValue keyValue) {
    if (keyValue == null) {
      keys.remove(key);
    } else {
      keys.put(key, keyValue);
    }
  }

  private NavigableMap<String, KeyValue> within(Span span) {
    if (span.end().isEmpty()) {
      return keys.subMap(span.key(), true, span.key(), true);
    }
    return span.end().equals("\0")
        ? keys.tailMap(span.key(), true)
        : keys.subMap(span.key(), true, span.end(), false);
  }
}
