// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.server.grpc.EtcdStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RevisionWaitersTest {
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void shutDown() {
    timer.shutdownNow();
  }

  private void wait(RevisionWaiters waiters, long revision) {
    waiters.await(
        revision, () -> told.add("at " + revision), status -> told.add(revision + " " + status));
  }

  @Test
  void reached_runsThoseAtOrBelow() {
    RevisionWaiters waiters = new RevisionWaiters(3, timer, Duration.ofHours(1));
    wait(waiters, 3);
    wait(waiters, 6);
    wait(waiters, 4);
    wait(waiters, 5);
    assertThat(told).containsExactly("at 3");

    waiters.reached(5);

    assertThat(told).containsExactly("at 3", "at 4", "at 5");
    waiters.reached(4);
    wait(waiters, 5);
    assertThat(told).containsExactly("at 3", "at 4", "at 5", "at 5");
  }

  @Test
  void await_forTooLong_isRefused() {
    RevisionWaiters waiters = new RevisionWaiters(1, timer, Duration.ofMillis(20));

    wait(waiters, 2);

    await().untilAsserted(() -> assertThat(told).containsExactly("2 TIMED_OUT"));
    waiters.reached(2);
    assertThat(told).hasSize(1);
  }

  @Test
  void refuseAll_refusesEverybodyOnce() {
    RevisionWaiters waiters = new RevisionWaiters(1, timer, Duration.ofHours(1));
    wait(waiters, 2);
    wait(waiters, 3);

    waiters.refuseAll(EtcdStatus.LEADER_CHANGED);

    assertThat(told).containsExactlyInAnyOrder("2 LEADER_CHANGED", "3 LEADER_CHANGED");
    wait(waiters, 3);
    wait(waiters, 1);
    assertThat(told).hasSize(4).endsWith("3 LEADER_CHANGED", "at 1");
    waiters.reached(3);
    assertThat(told).hasSize(4);
  }
}
