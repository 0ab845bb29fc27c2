// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two checkers, on long histories and on each other's. */
class RandomHistoryTest {
  private static final long SEED = Long.getLong("brain.seed", 1);
  private static final int HISTORIES = 300;

  @Test
  void check_longHistory_findsNothing() {
    History history = RandomHistory.of(SEED, 150_000, 12, 200);
    long begun = System.nanoTime();
    List<Violation> violations = Checker.check(history);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.printf(
        "checker: seed %d, %,d operations and %,d events in %,d ms%n",
        SEED, history.operations().size(), events(history), millis);
    assertThat(violations).isEmpty();
    assertThat(events(history)).isGreaterThan(300_000);
  }

  @Test
  void check_oneOldAnswerInALongHistory_findsIt() {
    History history = RandomHistory.of(SEED, 20_000, 12, 50);
    List<Operation> operations = new ArrayList<>(history.operations());
    Operation old = operations.get(5_000);
    Operation late = operations.get(15_000);
    operations.add(
        new Operation(
            "late",
            old.node(),
            late.called(),
            late.returned(),
            Request.Range.of(Span.of("k1")),
            new Outcome.Answered(2, new Result.Rows(List.of(), 0, false))));
    assertThat(Checker.check(new History(operations, history.watches())))
        .extracting(Violation::rule)
        .contains(Rule.REAL_TIME);
  }

  /** What a search over all orders refuses, the checker refuses; what is good, both accept. */
  @Test
  void checkers_onShortHistories_agree() {
    int refused = 0;
    int refusedBySearch = 0;
    for (int i = 0; i < HISTORIES; i++) {
      long seed = SEED * HISTORIES + i;
      History good = RandomHistory.of(seed, 60, 4, 3);
      assertThat(Checker.check(good)).as("seed %d", seed).isEmpty();
      assertThat(Linearizability.holds(good.operations())).as("seed %d", seed).isTrue();
      History changed = change(good, new Random(seed));
      boolean accepted = Checker.check(changed).isEmpty();
      boolean found = Linearizability.holds(changed.operations());
      assertThat(accepted && !found).as("seed %d: only the search refuses", seed).isFalse();
      refused += accepted ? 0 : 1;
      refusedBySearch += found ? 0 : 1;
    }
    System.out.printf(
        "checkers: seed %d, of %d changed histories the checker refuses %d, the search %d%n",
        SEED, HISTORIES, refused, refusedBySearch);
    assertThat(refusedBySearch).isGreaterThan(HISTORIES / 4);
    assertThat(refused).isGreaterThanOrEqualTo(refusedBySearch);
  }

  // One answer is another one's, one revision later or earlier, or comes much later than its state.
  private static History change(History history, Random random) {
    List<Operation> operations = new ArrayList<>(history.operations());
    int index = answered(operations, random, operations.size() / 2);
    Operation operation = operations.get(index);
    Outcome.Answered answer = (Outcome.Answered) operation.outcome();
    Outcome changed =
        switch (random.nextInt(4)) {
          case 0 -> new Outcome.Answered(answer.revision() + 1, answer.result());
          case 1 -> new Outcome.Answered(Math.max(1, answer.revision() - 2), answer.result());
          case 2 -> other(operations, operation, random);
          default -> new Outcome.Answered(answer.revision(), empty(answer.result()));
        };
    operations.set(
        index,
        new Operation(
            operation.client(),
            operation.node(),
            operation.called(),
            operation.returned(),
            operation.request(),
            changed));
    return new History(operations, history.watches());
  }

  private static int answered(List<Operation> operations, Random random, int from) {
    int index = from + random.nextInt(operations.size() - from);
    while (!(operations.get(index).outcome() instanceof Outcome.Answered)) {
      index = from + random.nextInt(operations.size() - from);
    }
    return index;
  }

  private static Outcome other(List<Operation> operations, Operation operation, Random random) {
    for (int tries = 0; tries < 200; tries++) {
      Operation other = operations.get(answered(operations, random, 0));
      if (other.request().getClass() == operation.request().getClass()) {
        return other.outcome();
      }
    }
    return operation.outcome();
  }

  private static Result empty(Result result) {
    return result instanceof Result.Rows ? new Result.Rows(List.of(), 0, false) : result;
  }

  private static long events(History history) {
    long events = 0;
    for (Watch watch : history.watches()) {
      for (Watch.Message message : watch.messages()) {
        events += message instanceof Watch.Message.Events some ? some.events().size() : 0;
      }
    }
    return events;
  }
}
