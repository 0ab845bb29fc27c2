// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.ClusterHistory.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Three nodes over an engine that goes wrong, while clients write, read and watch on all of them
 * and the lead moves in every way: what clients were told is what the event log says. {@code
 * -Dbrain.seed=} repeats the choices of one run, {@code -Dbrain.cluster.seeds=} sets how many there
 * are.
 */
final class RandomClusterTest {
  private static final int SEEDS = 3;

  @Test
  void leadMovesWhileCommitsGoWrong_clientsAreToldTheTruth() {
    Long given = Long.getLong("brain.seed");
    long base = given == null ? new Random().nextLong() : given;
    int seeds = Integer.getInteger("brain.cluster.seeds", given == null ? SEEDS : 1);
    System.out.printf("brain.seed=%d, %d seeds from there%n", base, seeds);
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    long reads = 0;
    for (int i = 0; i < seeds; i++) {
      ClusterHistory history = run(base + i);
      for (Outcome outcome : Outcome.values()) {
        counts.merge(outcome, history.count(outcome), Long::sum);
      }
      reads += history.readCount();
    }
    System.out.printf("writes %s, reads %d%n", counts, reads);
    assertThat(counts).hasEntrySatisfying(Outcome.DONE, count -> assertThat(count).isPositive());
    assertThat(reads).isPositive();
  }

  private static ClusterHistory run(long seed) {
    ClusterHistory history = new ClusterHistory();
    try (ClusterRun run = new ClusterRun(seed, history)) {
      run.run();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dbrain.seed=" + seed + ": " + e.getMessage(), e);
    }
    return history;
  }
}
