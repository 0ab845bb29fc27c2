// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import static dev.brain.conformance.history.Stories.A1;
import static dev.brain.conformance.history.Stories.A2;
import static dev.brain.conformance.history.Stories.B3;
import static dev.brain.conformance.history.Stories.SECOND;
import static dev.brain.conformance.history.Stories.leaseEnd;
import static dev.brain.conformance.history.Stories.leases;
import static dev.brain.conformance.history.Stories.update;
import static dev.brain.conformance.history.Stories.watched;
import static dev.brain.conformance.history.Story.branch;
import static dev.brain.conformance.history.Story.created;
import static dev.brain.conformance.history.Story.deleted;
import static dev.brain.conformance.history.Story.done;
import static dev.brain.conformance.history.Story.event;
import static dev.brain.conformance.history.Story.events;
import static dev.brain.conformance.history.Story.progress;
import static dev.brain.conformance.history.Story.rows;
import static dev.brain.conformance.history.Story.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.conformance.history.Watch.Message;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckerTest {
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("dev.brain.conformance.history.BadHistories#all")
  void check_badHistory_namesTheRule(Rule rule, String name, History history) {
    assertThat(Checker.check(history)).as(name).extracting(Violation::rule).contains(rule);
  }

  @Test
  void badHistories_together_breakEveryRule() {
    Set<Rule> broken = EnumSet.noneOf(Rule.class);
    BadHistories.all().forEach(arguments -> broken.add((Rule) arguments.get()[0]));
    assertThat(broken).containsExactlyInAnyOrder(Rule.values());
  }

  static Stream<Arguments> goodHistories() {
    return Stream.of(
        good("puts", watched()),
        good(
            "read while a write is under way sees it, or not",
            new Story()
                .put(10, 50, "a", "1", 2)
                .get(20, 25, "a", 1)
                .get(30, 35, "a", 2, A1)
                .watch(events(33, event(A1)))),
        good(
            "write with an unknown outcome never applied",
            watched().did(70, 80, new Request.Put("c", "9", 0), unknown()).get(90, 95, "c", 4)),
        good(
            "write with an unknown outcome applied late",
            watched()
                .did(70, 80, new Request.Put("c", "9", 0), unknown())
                .get(90, 95, "c", 4)
                .watch(Span.ALL, 5, events(500, event(created("c", "9", 5))))),
        good(
            "delete with an unknown outcome applied",
            watched()
                .did(70, 80, new Request.Delete(Span.of("a")), unknown())
                .watch(Span.ALL, 5, events(500, deleted(A2, 5)))
                .get(501, 502, "a", 5)),
        good(
            "range delete with an unknown outcome applied",
            watched()
                .did(70, 80, new Request.Delete(new Span("aa", "c")), unknown())
                .watch(Span.ALL, 5, events(500, deleted(B3, 5)))),
        good(
            "revision that nobody made",
            new Story().put(10, 20, "a", "1", 3).watch(events(25, event(created("a", "1", 3))))),
        good(
            "txn whose compare fails",
            watched()
                .did(
                    70,
                    80,
                    update("a", 2, "9"),
                    branch(4, false, new Result.Rows(List.of(A2), 1, false)))),
        good(
            "stale serializable read on another node",
            watched()
                .on("n2")
                .did(70, 80, new Request.Range(Span.of("a"), 0, 0, true), rows(2, 1, A1))),
        good("lease ends", leases().watch(leaseEnd(2 * SECOND))),
        good(
            "lease is revoked",
            leases().did(200, 210, new Request.Revoke(7), done(4)).watch(leaseEnd(205))),
        good(
            "revoke with an unknown outcome",
            leases().did(200, 210, new Request.Revoke(7), unknown()).watch(leaseEnd(900))),
        good(
            "list at an old revision",
            watched().did(70, 80, new Request.Range(Span.ALL, 3, 0, false), rows(4, 1, A2))),
        good(
            "watch that ends for a compaction that it needs",
            watched()
                .did(70, 80, new Request.Compact(4), done(4))
                .watch(Span.ALL, 2, new Message.Cancelled(90, 4, 4))),
        good(
            "watch of one key with progress",
            watched().watch(Span.of("b"), 2, events(70, event(B3)), progress(71, 4))),
        good(
            "watch from the next revision on",
            watched()
                .raw(
                    new Watch(
                        "n1",
                        Span.ALL,
                        0,
                        true,
                        List.of(new Message.Created(30, 3), events(70, event(B3)))))));
  }

  private static Arguments good(String name, Story story) {
    return Arguments.of(name, story.end());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodHistories")
  void check_goodHistory_findsNothing(String name, History history) {
    assertThat(Checker.check(history)).as(name).isEmpty();
  }
}
