// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Helm chart, rendered by Helm. A cluster is not asked. */
final class Chart {
  private static final Path DIRECTORY = Deployment.directory().resolve("helm/brain");

  /**
   * The cases: values by file, and what is rendered from them beside. Tests run in their module.
   */
  private static final Path CASES = Path.of("src", "test", "resources", "charts");

  /** Helm by itself takes a version that is older than the oldest one the chart accepts. */
  private static final String KUBERNETES = "1.33.0";

  private Chart() {}

  /** The names of the cases. */
  static List<String> cases() throws IOException {
    try (var files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".values.yaml"))
          .map(name -> name.substring(0, name.length() - ".values.yaml".length()))
          .sorted()
          .toList();
    }
  }

  static Path values(String name) {
    return CASES.resolve(name + ".values.yaml");
  }

  static Path golden(String name) {
    return CASES.resolve(name + ".golden.yaml");
  }

  /** Renders the chart as the release {@code main} in the namespace {@code storage}. */
  static String render(Path values) {
    return new Helm(DIRECTORY)
        .template()
        .withName("main")
        .withNamespace("storage")
        .withKubeVersion(KUBERNETES)
        .withValuesFile(values)
        .call();
  }

  /** The rendered manifests of a case. */
  static List<Yaml> manifests(String name) {
    return Yaml.all(render(values(name)));
  }

  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /** A file of the chart. */
  static String file(String path) throws IOException {
    return Files.readString(DIRECTORY.resolve(path));
  }
}
