// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes over one engine that keep all rules, whatever befalls them. {@code
 * -Dconformance.faults=N} sets how many faults there are, and {@code -Dconformance.calm=N} how many
 * operations between two of them, about.
 */
class ClusterTest {
  private static final long SEED = Long.getLong("brain.seed", 1);
  private static final int NODES = Integer.getInteger("conformance.nodes", 3);
  private static final int FAULTS = Integer.getInteger("conformance.faults", 10);
  private static final int CALM = Integer.getInteger("conformance.calm", 500);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void history_underFaults_keepsAllRules() {
    System.out.println("cluster: seed " + SEED + ", " + FAULTS + " faults");
    try (Cluster cluster = TikvCluster.of(directory, NODES)) {
      Run.Report report = Run.of(cluster, new Run.Plan(SEED, FAULTS, CALM, 2));
      System.out.println("cluster: seed " + SEED + ", " + report);
      assertThat(report.violations()).isEmpty();
      assertThat(report.incidents()).hasSize(FAULTS);
      assertThat(report.operations()).isGreaterThan((long) FAULTS * CALM / 2);
      assertThat(report.events()).isGreaterThan((long) FAULTS * CALM / 2);
    }
  }
}
