// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One node that is killed, stopped and paused, and keeps all rules. */
class SingleNodeTest {
  private static final long SEED = Long.getLong("brain.seed", 1);
  private static final int FAULTS = 3;
  private static final int CALM = 1_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void history_underFaults_keepsAllRules() {
    try (Cluster cluster = Cluster.single(directory)) {
      Run.Report report = Run.of(cluster, new Run.Plan(SEED, FAULTS, CALM, 3));
      System.out.println("single node: seed " + SEED + ", " + report);
      assertThat(report.violations()).isEmpty();
      assertThat(report.incidents()).hasSize(FAULTS);
      assertThat(report.operations()).isGreaterThan(CALM);
      assertThat(report.events()).isGreaterThan(CALM);
    }
  }
}
