// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Walks the order and asks at each revision whether what its author was told, and what was read
 * there, is what the order leads to. Leaves the order with authors and versions before.
 */
final class Replay {
  /** The end of a lease without a revoke. */
  record LeaseEnd(long lease, Order.Entry entry) {}

  private final Order order;
  private final Authors authors;
  private final Violations violations;
  private final Model model = new Model();
  private final List<LeaseEnd> leaseEnds = new ArrayList<>();

  Replay(Order order, Authors authors, Violations violations) {
    this.order = order;
    this.authors = authors;
    this.violations = violations;
  }

  /** Does it; returns the leases that ended by themselves. */
  List<LeaseEnd> run(List<Operation> operations) {
    List<Read> reads = reads(operations);
    int next = 0;
    for (Order.Entry entry : order.entries().values()) {
      while (next < reads.size() && reads.get(next).revision < entry.revision) {
        check(reads.get(next++));
      }
      checkAuthor(entry);
      apply(entry);
    }
    while (next < reads.size()) {
      check(reads.get(next++));
    }
    authors.checkFound(order);
    return leaseEnds;
  }

  /** An answered operation that changed nothing, and the revision that it was answered from. */
  private record Read(Operation operation, Outcome.Answered answer, long revision) {}

  private static List<Read> reads(List<Operation> operations) {
    List<Read> reads = new ArrayList<>();
    for (Operation operation : operations) {
      if (operation.outcome() instanceof Outcome.Answered answer
          && !answer.result().changed(operation.request())) {
        switch (operation.request()) {
          case Request.Range range ->
              reads.add(
                  new Read(
                      operation,
                      answer,
                      range.revision() > 0 ? range.revision() : answer.revision()));
          case Request.Txn _, Request.Delete _ ->
              reads.add(new Read(operation, answer, answer.revision()));
          default -> {}
        }
      }
    }
    reads.sort(Comparator.comparingLong(Read::revision));
    return reads;
  }

  private void check(Read read) {
    Request request = read.operation.request();
    if (request instanceof Request.Range range) {
      Result.Rows expected = model.rows(range);
      if (!expected.equals(read.answer.result())) {
        violations.add(Rule.READ, "%s, expected at %d %s", read.operation, read.revision, expected);
      }
    } else {
      checkResult(
          read.operation, read.answer.result(), model.execute(request, read.revision).result());
    }
  }

  private void checkResult(Operation operation, Result result, Result expected) {
    if (result instanceof Result.Branch branch
        && expected instanceof Result.Branch right
        && branch.succeeded() != right.succeeded()) {
      violations.add(Rule.COMPARE, "%s, expected %s", operation, expected);
    } else if (!result.equals(expected)) {
      violations.add(Rule.RESULT, "%s, expected %s", operation, expected);
    }
  }

  private void checkAuthor(Order.Entry entry) {
    Operation author = authors.find(entry, model);
    entry.author = author;
    if (author == null) {
      checkLeaseEnd(entry);
      return;
    }
    Model.Execution execution = model.execute(author.request(), entry.revision);
    boolean same = same(execution.events(), entry.events);
    switch (author.outcome()) {
      case Outcome.Answered(long revision, Result result) -> {
        if (revision == entry.revision) {
          checkResult(author, result, execution.result());
        }
        if (revision != entry.revision || !same) {
          violations.add(
              Rule.WRITE_AT_ITS_REVISION,
              "%s, found at %d as %s",
              author,
              entry.revision,
              entry.events);
        }
      }
      case Outcome.Refused _ ->
          violations.add(Rule.REFUSED_NOT_APPLIED, "%s, found at %d", author, entry.revision);
      case Outcome.Unknown _ -> {
        if (!same) {
          violations.add(
              Rule.UNKNOWN_WHOLE_OR_NOT,
              "%s, found at %d as %s",
              author,
              entry.revision,
              entry.events);
        }
      }
    }
  }

  private void checkLeaseEnd(Order.Entry entry) {
    Set<Long> leases = new HashSet<>();
    for (Event event : entry.events) {
      KeyValue before = model.get(event.key());
      leases.add(event.delete() && before != null ? before.lease() : 0L);
    }
    long lease = leases.size() == 1 ? leases.iterator().next() : 0;
    if (lease == 0) {
      violations.add(Rule.REVISION_HAS_AUTHOR, "nobody made %d: %s", entry.revision, entry.events);
      return;
    }
    Map<Long, List<String>> keys = model.keysByLease();
    List<String> ended = entry.events.stream().map(Event::key).toList();
    if (!ended.equals(keys.get(lease))) {
      violations.add(
          Rule.LEASE_AT_ONCE,
          "lease %x has %s, revision %d ends %s",
          lease,
          String.valueOf(keys.get(lease)),
          entry.revision,
          ended);
    }
    entry.author = authors.revoke(lease, entry);
    if (entry.author == null) {
      leaseEnds.add(new LeaseEnd(lease, entry));
    }
  }

  private void apply(Order.Entry entry) {
    for (int i = 0; i < entry.events.size(); i++) {
      Event event = entry.events.get(i);
      KeyValue before = model.get(event.key());
      entry.events.set(i, new Event(event.delete(), event.keyValue(), before));
      if (!event.delete()) {
        checkVersion(event.keyValue(), before);
      }
      model.apply(event);
    }
  }

  private void checkVersion(KeyValue now, @Nullable KeyValue before) {
    boolean create = now.createRevision() == now.modRevision();
    if (create != (before == null)) {
      violations.add(Rule.WATCH_CREATE, "%s after %s", now, String.valueOf(before));
    } else if (before != null
        && (now.createRevision() != before.createRevision()
            || now.version() != before.version() + 1)) {
      violations.add(Rule.VERSION, "%s after %s", now, String.valueOf(before));
    } else if (before == null && now.version() != 1) {
      violations.add(Rule.VERSION, "%s is created", now);
    }
  }

  /** Whether events are the same but for the versions before. */
  static boolean same(List<Event> some, List<Event> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).bare().equals(others.get(i).bare())) {
        return false;
      }
    }
    return true;
  }
}
