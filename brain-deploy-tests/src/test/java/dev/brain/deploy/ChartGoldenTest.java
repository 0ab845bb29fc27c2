// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests as reviewed. */
final class ChartGoldenTest {
  /** With -Dgolden.write=true it writes the golden files instead; review them as any change. */
  @ParameterizedTest
  @MethodSource("cases")
  void render_isAsReviewed(String name) throws IOException {
    String rendered = Chart.render(Chart.values(name));
    Path golden = Chart.golden(name);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, rendered);
    }
    assertThat(rendered)
        .as(
            golden
                + "; write it anew with mvn verify -pl brain-deploy-tests -am"
                + " -Dtest=ChartGoldenTest -Dgolden.write=true")
        .isEqualTo(Files.readString(golden));
  }

  static List<String> cases() throws IOException {
    return Chart.cases();
  }

  @Test
  void lint_findsNothing() {
    var result = Chart.lint();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }
}
