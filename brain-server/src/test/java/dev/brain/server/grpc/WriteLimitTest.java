// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The limit before a store that commits in groups, in virtual time. */
class WriteLimitTest {
  private static final int LEAST = 1_000;
  private static final int GREATEST = 5_000;
  private static final long MILLI = 1_000_000;

  private long nanos;
  private final WriteLimit limit =
      new WriteLimit(() -> nanos, Duration.ofMillis(250), LEAST, GREATEST);

  @Test
  void limit_beginsAtTheGreatest() {
    assertThat(limit.now()).isEqualTo(GREATEST);
    assertThat(limit.allows(GREATEST)).isTrue();
    assertThat(limit.allows(GREATEST + 1)).isFalse();
  }

  @Test
  void fewWrites_areNeverRefusedHoweverSlow() {
    Run run = new Run(300, /* commitNanos= */ 2_000 * MILLI, /* nanosPerWrite= */ MILLI);
    run.until(60_000 * MILLI);
    assertThat(run.refused).isZero();
    assertThat(run.answered).isPositive();
  }

  @Test
  void manyWrites_thatGroupsMakeFast_areNotRefused() {
    Run run = new Run(4_000, 20 * MILLI, 10_000);
    run.until(30_000 * MILLI);
    assertThat(run.refused).isZero();
    assertThat(limit.now()).isEqualTo(GREATEST);
  }

  @Test
  void flood_isHeldWhereTheLatencyIsTheAim() {
    Run run = new Run(5_000, 2 * MILLI, 100_000);
    run.until(10_000 * MILLI);
    run.worst = 0;
    long before = run.answered;
    run.until(30_000 * MILLI);
    // 10,000 writes in a second at most: 2,500 in the time aimed at.
    assertThat(limit.now()).isBetween(2_000, 3_000);
    assertThat(run.worst).isLessThan(400 * MILLI);
    assertThat(run.answered - before).isGreaterThan(180_000);
  }

  @Test
  void flood_thatEnds_isForgotten() {
    new Run(5_000, 2 * MILLI, 100_000).until(10_000 * MILLI);
    assertThat(limit.now()).isLessThan(3_000);
    new Run(2_000, 2 * MILLI, 5_000).until(nanos + 2_000 * MILLI);
    assertThat(limit.now()).isEqualTo(GREATEST);
  }

  @Test
  void standstill_lowersTheLimitBeforeAnybodyIsAnswered() {
    for (int writes = 1; writes <= 2_000; writes++) {
      limit.begin(writes);
    }
    nanos += 250 * MILLI;
    assertThat(limit.now()).isEqualTo(GREATEST);
    nanos += MILLI;
    assertThat(limit.now()).isEqualTo(LEAST);
    assertThat(limit.allows(LEAST)).isTrue();
    assertThat(limit.allows(2_001)).isFalse();
  }

  /**
   * Clients that write one after another to a store that commits everything that has come
   * meanwhile. A client that is refused comes again 100 ms later.
   */
  private final class Run {
    private final long commitNanos;
    private final long nanosPerWrite;
    private final PriorityQueue<Long> clients = new PriorityQueue<>();
    private List<Write> waiting = new ArrayList<>();
    private long answered;
    private long refused;
    private long worst;

    Run(int count, long commitNanos, long nanosPerWrite) {
      this.commitNanos = commitNanos;
      this.nanosPerWrite = nanosPerWrite;
      for (int i = 0; i < count; i++) {
        clients.add(nanos + i * 1_000L);
      }
    }

    void until(long end) {
      while (nanos < end) {
        if (waiting.isEmpty()) {
          arrive(Math.max(nanos, clients.element()), 0);
        }
        List<Write> group = waiting;
        waiting = new ArrayList<>();
        arrive(nanos + commitNanos + nanosPerWrite * group.size(), group.size());
        for (Write write : new ArrayDeque<>(group)) {
          limit.end(write.probe());
          answered++;
          worst = Math.max(worst, nanos - write.came());
          clients.add(nanos + MILLI / 2);
        }
      }
    }

    private void arrive(long end, int inCommit) {
      while (!clients.isEmpty() && clients.element() <= end) {
        nanos = Math.max(nanos, clients.remove());
        int writes = inCommit + waiting.size() + 1;
        if (limit.allows(writes)) {
          waiting.add(new Write(nanos, limit.begin(writes)));
        } else {
          refused++;
          clients.add(nanos + 100 * MILLI);
        }
      }
      nanos = end;
    }
  }

  private record Write(long came, WriteLimit.@Nullable Probe probe) {}
}
