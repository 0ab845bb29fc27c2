// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.grpc.EtcdStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReadIndexTest {
  private record Question(LongConsumer answer, Consumer<EtcdStatus> failed) {}

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final RevisionWaiters waiters = new RevisionWaiters(5, timer, Duration.ofHours(1));
  private final Deque<Question> questions = new ArrayDeque<>();
  private final ReadIndex index =
      new ReadIndex((answer, failed) -> questions.add(new Question(answer, failed)), waiters, 5);
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void shutDown() {
    timer.shutdownNow();
  }

  private void read(String name) {
    index.pass(false, () -> told.add(name), status -> told.add(name + " " + status));
  }

  @Test
  void pass_serializable_beginsAtOnce() {
    index.pass(true, () -> told.add("a"), status -> told.add("refused"));

    assertThat(told).containsExactly("a");
    assertThat(questions).isEmpty();
  }

  @Test
  void pass_whileAQuestionIsOnItsWay_waitsForTheNext() {
    read("a");
    read("b");
    read("c");
    assertThat(questions).hasSize(1);

    questions.remove().answer().accept(5);

    assertThat(told).containsExactly("a");
    assertThat(questions).hasSize(1);
    questions.remove().answer().accept(5);
    assertThat(told).containsExactly("a", "b", "c");
    assertThat(questions).isEmpty();
  }

  @Test
  void pass_revisionNotReached_waitsForIt() {
    read("a");
    questions.remove().answer().accept(7);
    waiters.reached(6);
    assertThat(told).isEmpty();

    waiters.reached(7);

    assertThat(told).containsExactly("a");
  }

  @Test
  void pass_leaderHasNotPublishedWhatThisNodeShows_isRefused() {
    read("a");

    questions.remove().answer().accept(4);

    assertThat(told).containsExactly("a TIMED_OUT");
  }

  @Test
  void pass_leaderFails_isRefusedAndTheNextIsAsked() {
    read("a");
    read("b");

    questions.remove().failed().accept(EtcdStatus.TIMED_OUT);

    assertThat(told).containsExactly("a TIMED_OUT");
    questions.remove().answer().accept(5);
    assertThat(told).containsExactly("a TIMED_OUT", "b");
  }

  @Test
  void pass_tooManyWait_isRefused() {
    read("first");
    for (int i = 0; i < 10_000; i++) {
      index.pass(false, () -> {}, status -> told.add("early " + status));
    }
    assertThat(told).isEmpty();

    read("last");

    assertThat(told).containsExactly("last TOO_MANY_REQUESTS");
  }
}
