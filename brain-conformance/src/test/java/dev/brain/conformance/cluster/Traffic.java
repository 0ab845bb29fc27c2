// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import dev.brain.conformance.history.KeyValue;
import dev.brain.conformance.history.Outcome;
import dev.brain.conformance.history.Request;
import dev.brain.conformance.history.Result;
import dev.brain.conformance.history.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/*
 * What one client of a cluster asks for, much as Kubernetes does: it creates, updates and deletes
 * objects by the revision that it has read, and reads them where that has changed; lists in pages
 * at the revision of the first page; reads at once or exactly, now or in the past. After a failure
 * it lists. For one thread.
 */
final class Traffic {
  private static final int NAMESPACES = 4;
  private static final int OBJECTS = 12;
  private static final int PAGE = 7;

  private final String name;
  private final Random random;
  private final Map<String, Long> known = new HashMap<>();
  private final List<Request> next = new ArrayList<>();
  private Request last = Request.Range.of(Span.prefix(namespace(0)));
  private long newest = 1;
  private int values;

  /** The traffic of a client whose values begin with its name. */
  Traffic(String name, Random random) {
    this.name = name;
    this.random = random;
  }

  /** What to ask for next. */
  Request request() {
    last = next.isEmpty() ? any() : next.removeFirst();
    return last;
  }

  /** Notes what came of the last request. */
  void note(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(long revision, Result result) -> {
        newest = Math.max(newest, revision);
        note(revision, result);
      }
      case Outcome.Unknown _ -> {
        next.clear();
        next.add(list(false));
      }
      case Outcome.Refused _ -> next.clear();
    }
  }

  private Request any() {
    String key = namespace(random.nextInt(NAMESPACES)) + random.nextInt(OBJECTS);
    int choice = random.nextInt(100);
    if (choice < 45) {
      return write(key, new Request.Put(key, value(), 0));
    } else if (choice < 60) {
      return write(key, new Request.Delete(Span.of(key)));
    } else if (choice < 63) {
      return new Request.Put(key, value(), 0);
    } else if (choice < 64) {
      return new Request.Delete(Span.of(key));
    } else if (choice < 65) {
      return new Request.Delete(Span.prefix(namespace(NAMESPACES)));
    } else if (choice < 67) {
      return new Request.Put(namespace(NAMESPACES) + random.nextInt(OBJECTS), value(), 0);
    } else if (choice < 78) {
      return Request.Range.of(Span.of(key));
    } else if (choice < 86) {
      return new Request.Range(Span.of(key), 0, 0, true);
    } else if (choice < 95) {
      return list(random.nextInt(3) == 0);
    } else {
      long revision = Math.max(1, newest + 3 - random.nextInt(300));
      return new Request.Range(Span.of(key), revision, 0, random.nextBoolean());
    }
  }

  private Request.Range list(boolean serializable) {
    Span span = Span.prefix(namespace(random.nextInt(NAMESPACES + 1)));
    return new Request.Range(span, 0, random.nextBoolean() ? PAGE : 0, serializable);
  }

  private Request write(String key, Request.Op op) {
    return new Request.Txn(
        List.of(new Request.Unchanged(key, known.getOrDefault(key, 0L))),
        List.of(op),
        List.of(Request.Range.of(Span.of(key))));
  }

  private static String namespace(int number) {
    return "/registry/pods/" + number + "/";
  }

  private String value() {
    return name + "-" + values++;
  }

  private void note(long revision, Result result) {
    switch (result) {
      case Result.Rows rows when last instanceof Request.Range range -> {
        rows.keyValues().forEach(this::note);
        if (rows.keyValues().isEmpty() && range.revision() == 0 && range.span().end().isEmpty()) {
          known.remove(range.span().key());
        }
        if (rows.more()) {
          long at = range.revision() > 0 ? range.revision() : revision;
          String after = rows.keyValues().getLast().key() + '\0';
          next.add(
              new Request.Range(
                  new Span(after, range.span().end()), at, PAGE, range.serializable()));
        }
      }
      case Result.Branch(boolean succeeded, List<Result> results)
          when last instanceof Request.Txn txn -> {
        String key = txn.compares().getFirst().key();
        if (!succeeded && results.getFirst() instanceof Result.Rows rows) {
          known.remove(key);
          rows.keyValues().forEach(this::note);
        } else if (txn.success().getFirst() instanceof Request.Put) {
          known.put(key, revision);
        } else {
          known.remove(key);
        }
      }
      default -> {}
    }
  }

  private void note(KeyValue row) {
    known.put(row.key(), row.modRevision());
  }
}
