// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * Which operation made which revision.
 *
 * An answered write names its revision. One with an unknown outcome is known by a value that it
 * puts. One that only deletes leaves no mark: any that would have made just these events may have,
 * and the one that was sent first is taken, which is exact since what is seen of a later revision
 * cannot be seen before what is seen of an earlier one.
 */
final class Authors {
  private final Map<Long, Operation> byRevision = new HashMap<>();
  private final Map<String, Operation> byValue = new HashMap<>();
  private final Map<String, List<Operation>> unknownDeletes = new HashMap<>();
  private final List<Operation> unknownRangeDeletes = new ArrayList<>();
  private final Map<Long, List<Operation>> revokes = new HashMap<>();
  private final Set<Operation> found = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> values = new HashSet<>();
  private final Violations violations;

  Authors(List<Operation> operations, Violations violations) {
    this.violations = violations;
    List<Operation> byCall = new ArrayList<>(operations);
    byCall.sort(Comparator.comparingLong(Operation::called));
    for (Operation operation : byCall) {
      Request request = operation.request();
      if (request instanceof Request.Revoke(long lease)) {
        revokes.computeIfAbsent(lease, _ -> new ArrayList<>()).add(operation);
      } else if (request.writes()) {
        add(operation);
      }
    }
  }

  private void add(Operation operation) {
    Request request = operation.request();
    for (Request.Op op : ops(request)) {
      if (op instanceof Request.Put put && byValue.put(put.value(), operation) != null) {
        violations.add(Rule.RECORDING, "the value %s is written twice", put.value());
      }
    }
    switch (operation.outcome()) {
      case Outcome.Answered(long revision, Result result) when result.changed(request) -> {
        Operation other = byRevision.putIfAbsent(revision, operation);
        if (other != null) {
          violations.add(
              Rule.REVISION_ONCE, "revision %d is of %s and of %s", revision, other, operation);
        }
      }
      case Outcome.Unknown _ -> {
        for (Request.Op op : ops(request)) {
          if (op instanceof Request.Delete(Span span)) {
            if (span.end().isEmpty()) {
              unknownDeletes.computeIfAbsent(span.key(), _ -> new ArrayList<>()).add(operation);
            } else {
              unknownRangeDeletes.add(operation);
            }
          }
        }
      }
      default -> {}
    }
  }

  private static List<Request.Op> ops(Request request) {
    List<Request.Op> ops = new ArrayList<>();
    if (request instanceof Request.Txn txn) {
      ops.addAll(txn.success());
      ops.addAll(txn.failure());
    } else if (request instanceof Request.Op op) {
      ops.add(op);
    }
    return ops;
  }

  /** The author of a revision, on the keys before it; null if no operation explains it. */
  @Nullable Operation find(Order.Entry entry, Model before) {
    Operation author = byRevision.get(entry.revision);
    for (Event event : entry.events) {
      if (event.delete()) {
        continue;
      }
      String value = event.keyValue().value();
      if (!values.add(value)) {
        violations.add(Rule.PUT_ONCE, "%s is there again at %d", value, entry.revision);
      }
      if (author == null) {
        author = byValue.get(value);
      }
    }
    if (author == null && entry.events.stream().allMatch(Event::delete)) {
      author = deleter(entry, before);
    }
    if (author != null) {
      found.add(author);
    }
    return author;
  }

  /** The revoke of a lease, sent before anyone saw its end at {@code revision}, or null. */
  @Nullable Operation revoke(long lease, Order.Entry entry) {
    for (Operation revoke : revokes.getOrDefault(lease, List.of())) {
      if (revoke.called() < entry.firstSeen && !(revoke.outcome() instanceof Outcome.Refused)) {
        return revoke;
      }
    }
    return null;
  }

  private @Nullable Operation deleter(Order.Entry entry, Model before) {
    String first = entry.events.getFirst().key();
    return Stream.concat(
            unknownDeletes.getOrDefault(first, List.of()).stream(), unknownRangeDeletes.stream())
        .filter(operation -> !found.contains(operation))
        .filter(
            operation ->
                Replay.same(
                    before.execute(operation.request(), entry.revision).events(), entry.events))
        .min(Comparator.comparingLong(Operation::called))
        .orElse(null);
  }

  /** Notes each answered write that is not in the order. */
  void checkFound(Order order) {
    byRevision.forEach(
        (revision, operation) -> {
          if (!order.entries().containsKey(revision)) {
            violations.add(Rule.WRITE_AT_ITS_REVISION, "%s is not in the order", operation);
          }
        });
  }
}
