// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on a cluster on one machine, as far as it can be checked without TiKV. */
final class QuickStartTest {
  private static final Pattern FLAG = Pattern.compile("(--[-a-z]+)=");

  @Test
  void flags_exist() throws IOException {
    String page = Deployment.text("../docs/quick-start-cluster.md");
    int start = page.indexOf("bin/brain server");
    String command = page.substring(start, page.indexOf("done\n", start));

    assertThat(FLAG.matcher(command).results().map(flag -> flag.group(1)))
        .hasSizeGreaterThan(5)
        .isSubsetOf(Settings.all().stream().map(Setting::flag).toList());
  }

  /** Brain finds the placement driver that the compose file starts. */
  @Test
  void compose_servesWhatTheNodesLookFor() throws IOException {
    Yaml services = Yaml.of(Deployment.text("compose/tikv.yaml")).at("services");
    assertThat(services.at("pd").list("command"))
        .extracting(argument -> argument.text())
        .contains("--client-urls=http://127.0.0.1:2379");
    assertThat(Deployment.text("../docs/quick-start-cluster.md"))
        .contains("--engine-option=pd-endpoints=127.0.0.1:2379");
    assertThat(services.map().keySet())
        .filteredOn(name -> name.startsWith("tikv"))
        .hasSize(3)
        .allSatisfy(
            name ->
                assertThat(services.at(name).list("command"))
                    .extracting(argument -> argument.text())
                    .contains("--pd-endpoints=127.0.0.1:2379"));
  }
}
