// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.mvcc.LeaseRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LessorTest {
  private long nanos = Long.MAX_VALUE - 5;
  private final Lessor lessor = new Lessor(() -> nanos, 2);

  /** Revocations under way, by lease. */
  private final Map<Long, Completion<Long>> revoking = new LinkedHashMap<>();

  private int keysOfEach = 1;
  private final List<Long> keepAlives = new ArrayList<>();

  @Test
  void granted_notBelowTheMinimum() {
    assertThat(LongStream.of(-5, 0, 1, 2, 3).map(lessor::granted))
        .containsExactly(2L, 2L, 2L, 2L, 3L);
  }

  @Test
  void status_countsDown() {
    start();
    lessor.granted(new LeaseRecord(1, 10));
    assertThat(lessor.status(1)).contains(new LeaseStatus(10, 10));
    pass(Duration.ofMillis(1));
    assertThat(lessor.status(1)).contains(new LeaseStatus(10, 9));
    pass(Duration.ofMillis(9_500));
    assertThat(lessor.status(1)).contains(new LeaseStatus(10, 0));
    pass(Duration.ofSeconds(60));
    assertThat(lessor.status(1)).contains(new LeaseStatus(10, 0));
  }

  @Test
  void status_longestTtl() {
    start();
    lessor.granted(new LeaseRecord(1, Lessor.MAX_TTL_SECONDS));
    assertThat(lessor.status(1))
        .contains(new LeaseStatus(Lessor.MAX_TTL_SECONDS, Lessor.MAX_TTL_SECONDS));
    lessor.step();
    assertThat(revoking).isEmpty();
  }

  @Test
  void status_unknown() {
    assertThat(lessor.status(1)).isEmpty();
  }

  @Test
  void step_revokesWhatHasPassed() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    lessor.granted(new LeaseRecord(2, 5));
    pass(Duration.ofSeconds(2));
    lessor.step();
    assertThat(revoking).isEmpty();
    pass(Duration.ofNanos(1_000));
    lessor.step();
    assertThat(revoking).containsOnlyKeys(1L);
    complete(1);
    assertThat(lessor.ids()).containsExactly(2L);
    lessor.step();
    assertThat(revoking).isEmpty();
  }

  @Test
  void step_beforeStart() {
    lessor.granted(new LeaseRecord(1, 2));
    pass(Duration.ofSeconds(9));
    lessor.step();
    assertThat(lessor.size()).isEqualTo(1);
  }

  @Test
  void step_triesAgainAfterFailure() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    pass(Duration.ofSeconds(3));
    lessor.step();
    fail(1, new Failure.OutcomeUnknown());
    assertThat(lessor.size()).isEqualTo(1);
    lessor.step();
    assertThat(revoking).containsOnlyKeys(1L);
    fail(1, new Failure.LeaseNotFound());
    assertThat(lessor.size()).isZero();
  }

  @Test
  void step_sixtyFourAtATimeAndTwoThousandPerSecond() {
    start();
    for (int id = 1; id <= 2_400; id++) {
      lessor.granted(new LeaseRecord(id, 2));
    }
    pass(Duration.ofSeconds(3));
    lessor.step();
    assertThat(revoking).hasSize(64);
    assertThat(completeAll()).isEqualTo(1_000);
    assertThat(lessor.size()).isEqualTo(1_400);
    lessor.step();
    assertThat(completeAll()).isEqualTo(1_000);
    lessor.step();
    assertThat(completeAll()).isEqualTo(400);
  }

  @Test
  void step_leasesOfManyKeys_fewAtATime() {
    start();
    keysOfEach = 100;
    for (int id = 1; id <= 5; id++) {
      lessor.granted(new LeaseRecord(id, 2));
    }
    pass(Duration.ofSeconds(3));
    lessor.step();
    assertThat(revoking).containsOnlyKeys(1L, 2L);
    keysOfEach = 1_000;
    complete(1);
    assertThat(revoking).containsOnlyKeys(2L);
    complete(2);
    assertThat(revoking).containsOnlyKeys(3L);
    complete(3);
    assertThat(revoking).containsOnlyKeys(4L);
  }

  @Test
  void keepAlive_renews() {
    start();
    lessor.granted(new LeaseRecord(1, 4));
    pass(Duration.ofSeconds(3));
    lessor.keepAlive(1, keepAlives::add);
    assertThat(keepAlives).containsExactly(4L);
    pass(Duration.ofSeconds(4));
    lessor.step();
    assertThat(revoking).isEmpty();
    pass(Duration.ofMillis(1));
    lessor.step();
    assertThat(revoking).containsOnlyKeys(1L);
  }

  @Test
  void keepAlive_unknown() {
    lessor.keepAlive(1, keepAlives::add);
    assertThat(keepAlives).containsExactly(0L);
  }

  @Test
  void keepAlive_expiredWaitsForTheRevocation() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    pass(Duration.ofSeconds(3));
    lessor.keepAlive(1, keepAlives::add);
    lessor.step();
    lessor.keepAlive(1, keepAlives::add);
    assertThat(keepAlives).isEmpty();
    fail(1, new Failure.TooManyRequests());
    assertThat(keepAlives).isEmpty();
    lessor.step();
    lessor.revoked(1);
    assertThat(keepAlives).containsExactly(0L, 0L);
  }

  @Test
  void revoked_byAClient() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    lessor.revoked(1);
    lessor.revoked(1);
    pass(Duration.ofSeconds(3));
    lessor.step();
    assertThat(revoking).isEmpty();
    assertThat(lessor.ids()).isEmpty();
  }

  @Test
  void granted_againWhileTheOldOneIsRevoked() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    pass(Duration.ofSeconds(3));
    lessor.step();
    lessor.revoked(1);
    lessor.granted(new LeaseRecord(1, 7));
    complete(1);
    assertThat(lessor.status(1)).contains(new LeaseStatus(7, 7));
  }

  @Test
  void ids_byExpiry() {
    start();
    lessor.granted(new LeaseRecord(1, 30));
    lessor.granted(new LeaseRecord(2, 10));
    lessor.granted(new LeaseRecord(-3, 20));
    assertThat(lessor.ids()).containsExactly(2L, -3L, 1L);
    pass(Duration.ofSeconds(5));
    lessor.keepAlive(2, keepAlives::add);
    lessor.keepAlive(-3, keepAlives::add);
    assertThat(lessor.ids()).containsExactly(2L, -3L, 1L);
    pass(Duration.ofSeconds(5));
    lessor.keepAlive(2, keepAlives::add);
    lessor.keepAlive(-3, keepAlives::add);
    assertThat(lessor.ids()).containsExactly(2L, 1L, -3L);
  }

  @Test
  void start_givesTheFullTtl() {
    pass(Duration.ofHours(1));
    start(new LeaseRecord(1, 10), new LeaseRecord(2, 20));
    assertThat(lessor.status(1)).contains(new LeaseStatus(10, 10));
    assertThat(lessor.status(2)).contains(new LeaseStatus(20, 20));
  }

  @Test
  void start_spreadsManyLeases() {
    start(
        LongStream.rangeClosed(1, 3_000)
            .mapToObj(id -> new LeaseRecord(id, 10))
            .toArray(LeaseRecord[]::new));
    pass(Duration.ofMillis(10_001));
    int ended = 0;
    int most = 0;
    for (int second = 0; second < 5; second++) {
      lessor.step();
      int now = completeAll();
      lessor.step();
      now += completeAll();
      most = Math.max(most, now);
      ended += now;
      pass(Duration.ofSeconds(1));
    }
    assertThat(ended).isEqualTo(3_000);
    assertThat(most).isEqualTo(750);
  }

  @Test
  void stop_answersThoseWhoWaitForTheEnd() {
    start();
    lessor.granted(new LeaseRecord(1, 2));
    pass(Duration.ofSeconds(3));
    lessor.keepAlive(1, keepAlives::add);
    lessor.step();
    lessor.keepAlive(1, keepAlives::add);
    assertThat(keepAlives).isEmpty();

    lessor.stop();
    lessor.keepAlive(1, keepAlives::add);

    assertThat(keepAlives).containsExactly(0L, 0L, 0L);
    complete(1);
    assertThat(keepAlives).hasSize(3);
  }

  @Test
  void stop_endsNothingMore() {
    start();
    for (int id = 1; id <= 100; id++) {
      lessor.granted(new LeaseRecord(id, 2));
    }
    pass(Duration.ofSeconds(3));
    lessor.step();
    lessor.stop();
    assertThat(completeAll()).isEqualTo(64);
    lessor.step();
    assertThat(revoking).isEmpty();
    start();
    lessor.step();
    assertThat(completeAll()).isEqualTo(36);
  }

  private void start(LeaseRecord... stored) {
    lessor.start(
        List.of(stored),
        new LeaseRevoker() {
          @Override
          public void revoke(long leaseId, Completion<Long> completion) {
            revoking.put(leaseId, completion);
          }

          @Override
          public int keys(long leaseId) {
            return keysOfEach;
          }
        });
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private void complete(long lease) {
    completion(lease).complete(9L);
  }

  private void fail(long lease, Failure failure) {
    completion(lease).fail(failure);
  }

  private Completion<Long> completion(long lease) {
    Completion<Long> completion = revoking.remove(lease);
    assertThat(completion).isNotNull();
    return completion;
  }

  /** Completes revocations until there are none; how many. */
  private int completeAll() {
    int completed = 0;
    while (!revoking.isEmpty()) {
      assertThat(revoking.size()).isLessThanOrEqualTo(64);
      complete(revoking.keySet().iterator().next());
      completed++;
    }
    return completed;
  }
}
