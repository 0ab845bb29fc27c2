// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/*
 * Whether a history is one of a strictly serializable, durable store with etcd's watches.
 *
 * In general that is a search over all orders of the operations. Here every answer carries its
 * revision, so the order is known, and each operation is only asked whether it fits:
 *   1. the watches of all keys tell the order of changes, and have to agree (Order);
 *   2. each change has an author: the write that was answered with its revision, or one with an
 *      unknown outcome that is known by its value, or the end of a lease (Authors);
 *   3. at each revision, what its author and its readers were told is what the order leads to
 *      (Replay);
 *   4. revisions fit real time: nobody sees less than was visible before he asked, or what was not
 *      asked for yet (TimeCheck);
 *   5. each watch is a part of the order without holes (WatchCheck);
 *   6. leases live and end (LeaseCheck).
 * 2 to 4 make the order a linearization of the history, and 3 and 5 leave no other one. The work is
 * that of sorting.
 */
public final class Checker {
  private Checker() {}

  /** The rules that a history breaks, the first ten places of each; empty if it keeps all. */
  public static List<Violation> check(History history) {
    Violations violations = new Violations();
    checkRecording(history, violations);
    Order order = Order.of(history.watches(), violations);
    Authors authors = new Authors(history.operations(), violations);
    List<Replay.LeaseEnd> ends = new Replay(order, authors, violations).run(history.operations());
    new TimeCheck(order, violations).run(history);
    for (Watch watch : history.watches()) {
      new WatchCheck(watch, order, violations).run();
    }
    new LeaseCheck(violations).run(history.operations(), ends);
    return violations.all();
  }

  private static void checkRecording(History history, Violations violations) {
    Map<String, Operation> last = new HashMap<>();
    for (Operation operation : history.operations()) {
      boolean ended = !(operation.outcome() instanceof Outcome.Unknown);
      if (ended && operation.returned() <= operation.called()) {
        violations.add(Rule.RECORDING, "%s returned before it was called", operation);
      }
      Operation before = last.put(operation.client(), operation);
      if (before != null && operation.called() <= before.until()) {
        violations.add(Rule.RECORDING, "%s overlaps %s of its client", operation, before);
      }
    }
  }
}
