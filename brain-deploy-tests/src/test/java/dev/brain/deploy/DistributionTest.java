// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that is handed out. */
final class DistributionTest {
  @TempDir Path directory;

  @Test
  void archive_holdsNothingUnusual() throws Exception {
    List<String> entries =
        Commands.run("tar", "-tvzf", Deployment.archive().toString()).lines().toList();
    String name = Deployment.name() + "/";

    assertThat(entries)
        .isNotEmpty()
        .allMatch(entry -> entry.matches("(d|-)rw[x-]r-[x-]r-[x-] root/root .* " + name + ".*"));
    assertThat(entries)
        .filteredOn(entry -> entry.startsWith("-rwx"))
        .extracting(entry -> entry.replaceFirst(".* ", ""))
        .containsExactlyInAnyOrder(name + "bin/brain", name + "bin/train");
    assertThat(entries)
        .extracting(entry -> entry.replaceFirst(".* ", ""))
        .contains(
            name + "LICENSE",
            name + "README.md",
            name + "docs/operations.md",
            name + "systemd/brain.service",
            name + "helm/brain/Chart.yaml");
  }

  /** Unpacked elsewhere, started by another directory, and asked what the chart's probes ask. */
  @Test
  void server_runsAnywhere() throws Exception {
    Commands.run("tar", "-xzf", Deployment.archive().toString(), "-C", directory.toString());
    Path distribution = directory.resolve(Deployment.name());
    Path elsewhere = Files.createDirectory(directory.resolve("a directory with spaces"));

    try (RunningServer server = RunningServer.start(distribution, elsewhere)) {
      Yaml container = Manifests.of("single").container();
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        String path = container.text(probe, "httpGet", "path");
        assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
      }
      assertThat(server.stop()).isZero();
    }
    assertThat(elsewhere).isDirectoryContaining(path -> path.endsWith("data"));
  }
}
