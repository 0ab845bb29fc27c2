// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/*
 * Real time. A revision that anyone was told of, by an answer or by a watch, is visible from then
 * on: to linearizable operations on any node, and to all reads and writes on the same node, which
 * need not be linearizable. And nobody is told of a revision before its author has asked for it.
 */
final class TimeCheck {
  private record Seen(long time, long revision, Object by) {}

  private final Order order;
  private final Violations violations;
  private final Floor everywhere = new Floor();
  private final Map<String, Floor> nodes = new HashMap<>();
  private final Floor compactionsCalled = new Floor();
  private final Floor compactionsDone = new Floor();
  private final List<Seen> seen = new ArrayList<>();

  TimeCheck(Order order, Violations violations) {
    this.order = order;
    this.violations = violations;
  }

  void run(History history) {
    for (Operation operation : history.operations()) {
      note(operation);
    }
    for (Watch watch : history.watches()) {
      for (Watch.Message message : watch.messages()) {
        note(watch, message);
      }
    }
    for (Operation operation : history.operations()) {
      switch (operation.outcome()) {
        case Outcome.Answered answer -> checkAnswer(operation, answer);
        case Outcome.Refused(Outcome.Reason reason) -> checkRefusal(operation, reason);
        case Outcome.Unknown _ -> {}
      }
    }
    history.watches().forEach(this::checkCompaction);
    checkFuture();
  }

  private void note(Operation operation) {
    if (operation.request() instanceof Request.Compact(long revision)
        && !(operation.outcome() instanceof Outcome.Refused)) {
      compactionsCalled.note(operation.called(), revision);
    }
    if (operation.outcome() instanceof Outcome.Answered(long revision, Result _)) {
      note(operation.returned(), revision, operation);
      if (ofKeys(operation)) {
        note(operation.node(), operation.returned(), revision);
      }
      if (operation.request() instanceof Request.Compact(long compacted)) {
        compactionsDone.note(operation.returned(), compacted);
      }
    }
  }

  private void note(Watch watch, Watch.Message message) {
    switch (message) {
      case Watch.Message.Events events -> {
        for (Event event : events.events()) {
          note(message.time(), event.revision(), event);
          note(watch.node(), message.time(), event.revision());
        }
      }
      case Watch.Message.Progress progress -> {
        note(message.time(), progress.header(), progress);
        note(watch.node(), message.time(), progress.header());
      }
      case Watch.Message.Created _, Watch.Message.Cancelled _ -> {}
    }
  }

  private void note(long time, long revision, Object by) {
    if (!order.has(revision)) {
      violations.add(Rule.REVISION_EXISTS, "%d has no events, and is named by %s", revision, by);
    }
    everywhere.note(time, revision);
    seen.add(new Seen(time, revision, by));
  }

  private void note(String node, long time, long revision) {
    nodes.computeIfAbsent(node, _ -> new Floor()).note(time, revision);
  }

  // What a node says of leases and compactions it may have from another one.
  private static boolean ofKeys(Operation operation) {
    return switch (operation.request()) {
      case Request.Range _, Request.Put _, Request.Delete _, Request.Txn _ -> true;
      case Request.Compact _, Request.Grant _, Request.KeepAlive _, Request.Revoke _ -> false;
    };
  }

  private long nodeFloor(Operation operation) {
    Floor floor = nodes.get(operation.node());
    return floor == null ? 0 : floor.before(operation.called());
  }

  private void checkAnswer(Operation operation, Outcome.Answered answer) {
    long floor = everywhere.before(operation.called());
    boolean newer = answer.result().changed(operation.request());
    if (operation.linearizable() && answer.revision() < floor + (newer ? 1 : 0)) {
      violations.add(Rule.REAL_TIME, "%s, when %d had been seen", operation, floor);
    }
    long node = nodeFloor(operation);
    if (ofKeys(operation) && answer.revision() < node) {
      violations.add(Rule.NODE_NEVER_BACK, "%s, when it had answered %d", operation, node);
    }
    if (operation.request() instanceof Request.Range range
        && range.revision() > 0
        && !range.serializable()
        && range.revision() < compactionsDone.before(operation.called())) {
      violations.add(
          Rule.COMPACTION,
          "%s, after %d was compacted",
          operation,
          compactionsDone.before(operation.called()));
    }
    if (operation.request() instanceof Request.Compact(long revision)
        && revision <= compactionsDone.before(operation.called())) {
      violations.add(Rule.COMPACTION, "%s, which had been done", operation);
    }
  }

  private void checkRefusal(Operation operation, Outcome.Reason reason) {
    long called = compactionsCalled.before(operation.returned());
    switch (operation.request()) {
      case Request.Range range when reason == Outcome.Reason.COMPACTED -> {
        if (called <= range.revision()) {
          violations.add(Rule.COMPACTION, "%s, when nobody had asked for it", operation);
        }
      }
      case Request.Compact(long revision) when reason == Outcome.Reason.COMPACTED -> {
        if (called < revision) {
          violations.add(Rule.COMPACTION, "%s, when nobody had asked for it", operation);
        }
      }
      case Request.Range range when reason == Outcome.Reason.FUTURE -> {
        long floor =
            range.serializable() ? nodeFloor(operation) : everywhere.before(operation.called());
        checkFuture(operation, range.revision(), floor);
      }
      case Request.Compact(long revision) when reason == Outcome.Reason.FUTURE ->
          checkFuture(operation, revision, everywhere.before(operation.called()));
      default -> {}
    }
  }

  private void checkFuture(Operation operation, long revision, long floor) {
    if (revision <= floor) {
      violations.add(Rule.FUTURE_REVISION, "%s, when %d had been seen", operation, floor);
    }
  }

  private void checkCompaction(Watch watch) {
    for (Watch.Message message : watch.messages()) {
      if (message instanceof Watch.Message.Cancelled cancelled
          && cancelled.compactRevision() > compactionsCalled.before(cancelled.time())) {
        violations.add(Rule.COMPACTION, "%s, when nobody had asked for it", cancelled);
      }
    }
  }

  private void checkFuture() {
    TreeMap<Long, Long> called = new TreeMap<>();
    long last = Long.MIN_VALUE;
    for (Order.Entry entry : order.entries().values()) {
      if (entry.author != null && entry.author.called() > last) {
        last = entry.author.called();
        called.put(entry.revision, last);
      }
    }
    seen.sort(Comparator.comparingLong(Seen::time));
    for (Seen one : seen) {
      Map.Entry<Long, Long> latest = called.floorEntry(one.revision);
      if (latest != null && latest.getValue() > one.time) {
        violations.add(
            Rule.NO_FUTURE, "%s sees %d, which was not asked for yet", one.by, latest.getKey());
      }
    }
  }
}
