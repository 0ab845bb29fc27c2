// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import static dev.brain.conformance.history.Story.created;
import static dev.brain.conformance.history.Story.deleted;
import static dev.brain.conformance.history.Story.done;
import static dev.brain.conformance.history.Story.event;
import static dev.brain.conformance.history.Story.events;
import static dev.brain.conformance.history.Story.leased;
import static dev.brain.conformance.history.Story.version;

import dev.brain.conformance.history.Watch.Message;
import java.util.List;

/** How the histories of the tests begin. */
final class Stories {
  private Stories() {}

  static final long SECOND = 1_000_000_000;
  static final KeyValue A1 = created("a", "1", 2);
  static final KeyValue A2 = version("a", "2", 2, 3, 2);
  static final KeyValue B3 = created("b", "3", 4);
  static final KeyValue L1 = leased("l1", "x", 2, 7);
  static final KeyValue L2 = leased("l2", "y", 3, 7);

  /** Three puts that were answered: a at 2 and 3, b at 4. */
  static Story three() {
    return new Story().put(10, 20, "a", "1", 2).put(30, 40, "a", "2", 3).put(50, 60, "b", "3", 4);
  }

  static Message[] all() {
    return new Message[] {events(25, event(A1)), events(45, event(A2, A1)), events(65, event(B3))};
  }

  static Story watched() {
    return three().watch(all());
  }

  /** A lease of one second with two keys, granted at 5 and renewed at 100. */
  static Story leases() {
    return new Story()
        .did(5, 6, new Request.Grant(7, 1), done(1))
        .did(10, 20, new Request.Put("l1", "x", 7), done(2))
        .did(30, 40, new Request.Put("l2", "y", 7), done(3))
        .did(100, 110, new Request.KeepAlive(7), new Outcome.Answered(3, new Result.Renewed(1)));
  }

  static Message[] leaseEnd(long time) {
    return new Message[] {
      events(25, event(L1)), events(45, event(L2)), events(time, deleted(L1, 4), deleted(L2, 4))
    };
  }

  static Request.Txn update(String key, long modRevision, String value) {
    return new Request.Txn(
        List.of(new Request.Unchanged(key, modRevision)),
        List.of(new Request.Put(key, value, 0)),
        List.of(Request.Range.of(Span.of(key))));
  }
}
