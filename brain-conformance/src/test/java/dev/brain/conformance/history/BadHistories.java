// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import static dev.brain.conformance.history.Stories.A1;
import static dev.brain.conformance.history.Stories.A2;
import static dev.brain.conformance.history.Stories.B3;
import static dev.brain.conformance.history.Stories.L1;
import static dev.brain.conformance.history.Stories.L2;
import static dev.brain.conformance.history.Stories.SECOND;
import static dev.brain.conformance.history.Stories.leaseEnd;
import static dev.brain.conformance.history.Stories.leases;
import static dev.brain.conformance.history.Stories.three;
import static dev.brain.conformance.history.Stories.update;
import static dev.brain.conformance.history.Stories.watched;
import static dev.brain.conformance.history.Story.branch;
import static dev.brain.conformance.history.Story.created;
import static dev.brain.conformance.history.Story.deleted;
import static dev.brain.conformance.history.Story.done;
import static dev.brain.conformance.history.Story.event;
import static dev.brain.conformance.history.Story.events;
import static dev.brain.conformance.history.Story.leased;
import static dev.brain.conformance.history.Story.progress;
import static dev.brain.conformance.history.Story.refused;
import static dev.brain.conformance.history.Story.rows;
import static dev.brain.conformance.history.Story.unknown;
import static dev.brain.conformance.history.Story.version;

import dev.brain.conformance.history.Outcome.Reason;
import dev.brain.conformance.history.Watch.Message;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Histories that each break a rule. */
final class BadHistories {
  private BadHistories() {}

  private static Arguments bad(Rule rule, String name, Story story) {
    return Arguments.of(rule, name, story.end());
  }

  /** The rule, a name, and the history. */
  static Stream<Arguments> all() {
    return Stream.of(badOrders(), badTimes(), badReads(), badLeases(), badWatches())
        .flatMap(List::stream);
  }

  private static List<Arguments> badOrders() {
    return List.of(
        bad(Rule.RECORDING, "returned before called", watched().get(70, 70, "a", 4, A2)),
        bad(
            Rule.RECORDING,
            "client overlaps itself",
            watched().by("x").get(70, 90, "a", 4, A2).by("x").get(80, 95, "a", 4, A2)),
        bad(
            Rule.RECORDING,
            "client goes on after an unknown outcome",
            watched()
                .by("x")
                .did(70, 90, new Request.Put("c", "9", 0), unknown())
                .by("x")
                .get(100, 110, "a", 4, A2)),
        bad(
            Rule.ONE_ORDER,
            "two nodes tell different events",
            watched().on("n2").watch(events(25, event(created("a", "other", 2))))),
        bad(
            Rule.REVISION_EXISTS,
            "read at a revision that is not there",
            watched().get(70, 80, "a", 9, A2)),
        bad(
            Rule.REVISION_HAS_AUTHOR,
            "event of nobody",
            watched().watch(Span.ALL, 5, events(75, event(created("z", "z", 5))))),
        bad(
            Rule.REVISION_HAS_AUTHOR,
            "delete of nobody",
            watched().watch(Span.ALL, 5, events(75, deleted(A2, 5)))),
        bad(Rule.REVISION_ONCE, "one revision for two writes", watched().put(70, 80, "c", "4", 4)),
        bad(
            Rule.PUT_ONCE,
            "a write applied twice",
            watched().watch(Span.ALL, 5, events(75, event(version("b", "3", 4, 5, 2), B3)))),
        bad(Rule.WRITE_AT_ITS_REVISION, "answered write lost", watched().put(70, 80, "c", "4", 5)),
        bad(
            Rule.WRITE_AT_ITS_REVISION,
            "answered write at another revision",
            watched()
                .put(70, 80, "c", "4", 6)
                .watch(Span.ALL, 5, events(85, event(created("c", "4", 5))))),
        bad(
            Rule.WRITE_AT_ITS_REVISION,
            "half of a txn",
            watched()
                .did(
                    70,
                    80,
                    new Request.Txn(
                        List.of(),
                        List.of(new Request.Put("c", "4", 0), new Request.Put("d", "5", 0)),
                        List.of()),
                    branch(5, true, new Result.Done(), new Result.Done()))
                .watch(Span.ALL, 5, events(85, event(created("c", "4", 5))))),
        bad(
            Rule.UNKNOWN_WHOLE_OR_NOT,
            "half of an unknown txn",
            watched()
                .did(
                    70,
                    80,
                    new Request.Txn(
                        List.of(),
                        List.of(new Request.Put("c", "4", 0), new Request.Put("d", "5", 0)),
                        List.of()),
                    unknown())
                .watch(Span.ALL, 5, events(85, event(created("c", "4", 5))))),
        bad(
            Rule.REFUSED_NOT_APPLIED,
            "refused write applied",
            watched()
                .did(70, 80, new Request.Put("c", "4", 0), refused(Reason.OTHER))
                .watch(Span.ALL, 5, events(85, event(created("c", "4", 5))))));
  }

  private static List<Arguments> badTimes() {
    return List.of(
        bad(Rule.REAL_TIME, "stale read after a write", watched().get(70, 80, "a", 3, A2)),
        bad(
            Rule.REAL_TIME,
            "stale read after another read",
            new Story()
                .put(10, 50, "a", "1", 2)
                .get(20, 25, "a", 2, A1)
                .on("n2")
                .get(30, 35, "a", 1)
                .watch(events(55, event(A1)))),
        bad(
            Rule.REAL_TIME,
            "stale read after a watch",
            new Story()
                .put(10, 50, "a", "1", 2)
                .watch(events(25, event(A1)))
                .on("n2")
                .get(30, 35, "a", 1)),
        bad(
            Rule.REAL_TIME,
            "failed compare from the past",
            watched()
                .on("n2")
                .did(
                    70,
                    80,
                    update("a", 0, "9"),
                    branch(2, false, new Result.Rows(List.of(A1), 1, false)))),
        bad(
            Rule.REAL_TIME,
            "write below what was seen",
            new Story()
                .put(10, 20, "a", "1", 3)
                .put(30, 40, "b", "2", 2)
                .watch(
                    events(45, event(created("b", "2", 2))),
                    events(46, event(created("a", "1", 3))))),
        bad(
            Rule.NODE_NEVER_BACK,
            "serializable read goes back on its node",
            watched().did(70, 80, new Request.Range(Span.of("b"), 0, 0, true), rows(3, 0))),
        bad(
            Rule.NO_FUTURE,
            "read sees a write before it is sent",
            three().get(1, 5, "a", 2, A1).watch(Stories.all())),
        bad(
            Rule.NO_FUTURE,
            "watch tells a write before it is sent",
            three().watch(events(5, event(A1)), events(45, event(A2, A1)), events(65, event(B3)))),
        bad(
            Rule.COMPACTION,
            "compacted, but nobody compacts",
            watched()
                .did(70, 80, new Request.Range(Span.ALL, 2, 0, false), refused(Reason.COMPACTED))),
        bad(
            Rule.COMPACTION,
            "read below what was compacted",
            watched()
                .did(70, 80, new Request.Compact(4), done(4))
                .did(90, 99, new Request.Range(Span.of("a"), 2, 0, false), rows(4, 1, A1))),
        bad(
            Rule.COMPACTION,
            "compacted twice",
            watched()
                .did(70, 80, new Request.Compact(4), done(4))
                .did(90, 99, new Request.Compact(3), done(4))),
        bad(
            Rule.FUTURE_REVISION,
            "a revision that was seen is in the future",
            watched()
                .did(70, 80, new Request.Range(Span.ALL, 4, 0, false), refused(Reason.FUTURE))));
  }

  private static List<Arguments> badReads() {
    return List.of(
        bad(Rule.READ, "wrong value", watched().get(70, 80, "a", 4, A1)),
        bad(Rule.READ, "key is not found", watched().get(70, 80, "a", 4)),
        bad(
            Rule.READ,
            "wrong count",
            watched().did(70, 80, Request.Range.of(Span.of("a")), rows(4, 2, A2))),
        bad(
            Rule.READ,
            "list at an old revision has changed",
            watched().did(70, 80, new Request.Range(Span.ALL, 2, 0, false), rows(4, 1, A2))),
        bad(
            Rule.READ,
            "write with an unknown outcome seen, and gone",
            watched()
                .did(70, 75, new Request.Put("c", "9", 0), unknown())
                .get(80, 85, "c", 4, created("c", "9", 5))),
        bad(
            Rule.READ,
            "serializable read is wrong",
            watched()
                .on("n2")
                .did(70, 80, new Request.Range(Span.of("a"), 0, 0, true), rows(2, 1, A2))),
        bad(
            Rule.COMPARE,
            "compare failed that holds",
            watched()
                .did(
                    70,
                    80,
                    update("a", 3, "9"),
                    branch(4, false, new Result.Rows(List.of(A2), 1, false)))),
        bad(
            Rule.COMPARE,
            "compare succeeded that does not hold",
            watched()
                .did(70, 80, update("a", 2, "9"), branch(5, true, new Result.Done()))
                .watch(Span.ALL, 5, events(85, event(version("a", "9", 2, 5, 3), A2)))),
        bad(
            Rule.RESULT,
            "delete counts wrong",
            watched()
                .did(
                    70,
                    80,
                    new Request.Delete(Span.of("a")),
                    new Outcome.Answered(5, new Result.Deleted(2)))
                .watch(Span.ALL, 5, events(85, deleted(A2, 5)))),
        bad(
            Rule.RESULT,
            "failed txn reads the wrong version",
            watched()
                .did(
                    70,
                    80,
                    update("a", 2, "9"),
                    branch(4, false, new Result.Rows(List.of(A1), 1, false)))),
        bad(
            Rule.VERSION,
            "version is not counted",
            new Story()
                .put(10, 20, "a", "1", 2)
                .put(30, 40, "a", "2", 3)
                .watch(events(25, event(A1)), events(45, event(version("a", "2", 2, 3, 1), A1)))));
  }

  private static List<Arguments> badLeases() {
    return List.of(
        bad(
            Rule.LEASE_AT_ONCE,
            "a lease ends key by key",
            leases()
                .watch(
                    events(25, event(L1)),
                    events(45, event(L2)),
                    events(2 * SECOND, deleted(L1, 4)),
                    events(2 * SECOND, deleted(L2, 5)))),
        bad(Rule.LEASE_LIVES, "a lease ends early", leases().watch(leaseEnd(SECOND / 2))),
        bad(
            Rule.LEASE_LIVES,
            "a lease is lost",
            leases()
                .did(
                    200,
                    210,
                    new Request.KeepAlive(7),
                    new Outcome.Answered(3, new Result.Renewed(0)))
                .watch(events(25, event(L1)), events(45, event(L2)))),
        bad(
            Rule.LEASE_ENDS,
            "a lease is renewed after its end",
            leases()
                .watch(leaseEnd(2 * SECOND))
                .did(
                    3 * SECOND,
                    3 * SECOND + 1,
                    new Request.KeepAlive(7),
                    new Outcome.Answered(4, new Result.Renewed(1)))),
        bad(
            Rule.LEASE_ENDS,
            "a revoked lease gets a key",
            leases()
                .did(200, 210, new Request.Revoke(7), done(4))
                .did(300, 310, new Request.Put("l3", "z", 7), done(5))
                .watch(
                    events(25, event(L1)),
                    events(45, event(L2)),
                    events(215, deleted(L1, 4), deleted(L2, 4)),
                    events(315, event(leased("l3", "z", 5, 7))))));
  }

  private static List<Arguments> badWatches() {
    return List.of(
        bad(
            Rule.WATCH_FILTER,
            "event of another key",
            watched().watch(Span.of("b"), 2, events(45, event(A1)))),
        bad(
            Rule.WATCH_ORDERED,
            "revisions go back",
            watched()
                .watch(
                    Span.ALL,
                    2,
                    events(70, event(A1)),
                    events(71, event(B3)),
                    events(72, event(A2, A1)))),
        bad(
            Rule.WATCH_UNIQUE,
            "event twice",
            watched().watch(Span.ALL, 2, events(70, event(A1), event(A1)))),
        bad(
            Rule.WATCH_ATOMIC,
            "a revision in two messages",
            leases()
                .watch(leaseEnd(2 * SECOND))
                .watch(
                    Span.ALL,
                    4,
                    events(2 * SECOND, deleted(L1, 4)),
                    events(2 * SECOND, deleted(L2, 4)))),
        bad(
            Rule.WATCH_BOOKMARK,
            "progress ahead of events",
            watched().watch(Span.ALL, 2, progress(70, 3), events(71, event(A1)))),
        bad(
            Rule.WATCH_BOOKMARK,
            "progress goes back",
            watched().watch(Span.of("z"), 2, progress(70, 4), progress(71, 3))),
        bad(
            Rule.WATCH_RELIABLE,
            "an event that progress has passed is missing",
            watched().watch(Span.ALL, 2, events(70, event(A1)), progress(71, 4))),
        bad(
            Rule.WATCH_RESUMES,
            "first event is missing",
            watched().watch(Span.ALL, 2, events(70, event(A2, A1)))),
        bad(
            Rule.WATCH_RELIABLE,
            "event in the middle is missing",
            watched().watch(Span.ALL, 2, events(70, event(A1), event(B3)))),
        bad(
            Rule.WATCH_CREATE,
            "an update says that it creates",
            new Story()
                .put(10, 20, "a", "1", 2)
                .put(30, 40, "a", "2", 3)
                .watch(events(25, event(A1)), events(45, event(created("a", "2", 3), A1)))),
        bad(
            Rule.WATCH_PREVIOUS,
            "no version before",
            watched().watch(Span.ALL, 3, events(70, event(A2)))),
        bad(
            Rule.WATCH_PREVIOUS,
            "wrong version before",
            watched().watch(Span.ALL, 3, events(70, event(A2, B3)))),
        bad(
            Rule.WATCH_START,
            "event older than the start",
            watched().watch(Span.ALL, 3, events(70, event(A1), event(A2, A1)))),
        bad(
            Rule.WATCH_START,
            "progress older than the start",
            watched().watch(Span.ALL, 9, progress(70, 4))),
        bad(
            Rule.WATCH_HEADER,
            "header behind the events",
            watched().watch(Span.ALL, 3, new Message.Events(70, 2, List.of(event(A2, A1))))),
        bad(
            Rule.WATCH_LIFE,
            "events after the end",
            watched()
                .did(70, 80, new Request.Compact(4), done(4))
                .watch(Span.ALL, 2, new Message.Cancelled(90, 4, 4), events(91, event(A1)))),
        bad(
            Rule.WATCH_LIFE,
            "events before created",
            watched().raw(new Watch("n1", Span.ALL, 3, true, List.of(events(70, event(A2, A1)))))),
        bad(
            Rule.WATCH_COMPACTED,
            "ended for a compaction that it does not need",
            watched()
                .did(70, 80, new Request.Compact(3), done(4))
                .watch(Span.ALL, 3, new Message.Cancelled(90, 4, 3))),
        bad(
            Rule.COMPACTION,
            "ended for a compaction of nobody",
            watched().watch(Span.ALL, 2, new Message.Cancelled(90, 4, 4))));
  }
}
