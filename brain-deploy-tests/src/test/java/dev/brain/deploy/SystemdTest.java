// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit for systemd. */
final class SystemdTest {
  private static final String UNIT = "systemd/brain.service";

  @TempDir Path directory;

  /** Nothing of the unit is misspelt, and what it starts is in the distribution. */
  @Test
  void unit_isAccepted() throws Exception {
    Commands.require("systemd-analyze");
    Path unit =
        Files.writeString(
            directory.resolve("brain.service"),
            Deployment.text(UNIT).replace("/opt/brain", Deployment.distribution().toString()));

    assertThat(Commands.run("systemd-analyze", "verify", unit.toString())).isEmpty();
  }

  @Test
  void variables_areSettings() throws IOException {
    Set<String> known = new TreeSet<>(Set.of("BRAIN_JAVA", "BRAIN_JAVA_OPTS"));
    Settings.all().stream().map(Setting::variable).forEach(known::add);

    assertThat(
            Stream.concat(
                    Deployment.text(UNIT).lines().filter(line -> line.startsWith("Environment=")),
                    Deployment.text("systemd/brain.env").lines())
                .map(line -> line.replaceFirst("^(Environment=|#)", ""))
                .filter(line -> line.startsWith("BRAIN_"))
                .map(line -> line.replaceFirst("=.*", "")))
        .hasSizeGreaterThan(5)
        .isSubsetOf(known);
  }
}
