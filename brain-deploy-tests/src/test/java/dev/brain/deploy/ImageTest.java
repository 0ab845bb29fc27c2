// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The two ways to an image say the same of it. Docker and registries are not needed: the Dockerfile
 * is only read, and the image is built upon nothing, so that it cannot be run.
 */
final class ImageTest {
  @TempDir static Path directory;
  private static Path image;

  @BeforeAll
  static void build() throws Exception {
    image = directory.resolve("image.tar");
    Commands.run(
        System.getProperty("java.home") + "/bin/java",
        "-cp",
        System.getProperty("java.class.path"),
        Deployment.directory().resolve("src/image/Image.java").toString(),
        "scratch",
        Deployment.distribution().toString(),
        image.toString(),
        "brain:test");
  }

  @Test
  void image_isWhatTheDockerfileSays() throws Exception {
    Yaml config = config();

    assertThat(List.of(config.text("User"))).isEqualTo(instructions("USER"));
    assertThat(List.of(config.text("WorkingDir"))).isEqualTo(instructions("WORKDIR"));
    assertThat(config.map("Volumes").keySet()).containsExactlyElementsOf(instructions("VOLUME"));
    assertThat(config.map("ExposedPorts").keySet())
        .extracting(port -> port.replace("/tcp", ""))
        .containsExactly(instructions("EXPOSE").getFirst().split(" "));
    assertThat(config.list("Env"))
        .extracting(variable -> variable.text())
        .containsExactlyInAnyOrderElementsOf(instructions("ENV"));
    assertThat(Yaml.of(instructions("ENTRYPOINT").getFirst())).isEqualTo(config.at("Entrypoint"));
    assertThat(Yaml.of(instructions("CMD").getFirst())).isEqualTo(config.at("Cmd"));
  }

  /** What the image runs is there, by the user who runs it, and the data are that user's. */
  @Test
  void image_holdsTheDistribution() throws Exception {
    Map<String, String> entries = new TreeMap<>();
    for (Yaml layer : manifest().list("0", "Layers")) {
      Path file = directory.resolve(layer.text());
      Commands.run("tar", "-xf", image.toString(), "-C", directory.toString(), layer.text());
      Commands.run("tar", "--numeric-owner", "-tvzf", file.toString())
          .lines()
          .map(line -> line.split("\\s+", 6))
          .forEach(entry -> entries.put("/" + entry[5], entry[0] + " " + entry[1]));
    }

    String program = config().text("Entrypoint", "0");
    assertThat(entries)
        .containsEntry(program, "-rwxr-xr-x 0/0")
        .containsEntry("/opt/brain/bin/train", "-rwxr-xr-x 0/0")
        .containsEntry("/opt/brain/lib/classpath", "-rw-r--r-- 0/0")
        .containsEntry("/var/lib/brain/", "drwx------ 65532/65532");
    try (Stream<Path> files = Files.walk(Deployment.distribution())) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> "/opt/brain/" + Deployment.distribution().relativize(file)))
          .hasSizeGreaterThan(50)
          .isSubsetOf(entries.keySet());
    }
  }

  /** The chart's pods are the image's user. */
  @Test
  void chart_runsAsTheImagesUser() throws IOException {
    Yaml pod = Manifests.of("single").pod();
    assertThat(
            pod.text("securityContext", "runAsUser")
                + ":"
                + pod.text("securityContext", "runAsGroup"))
        .isEqualTo(instructions("USER").getFirst());
    assertThat(instructions("USER").getFirst()).doesNotStartWith("0");
  }

  private static Yaml manifest() throws IOException, InterruptedException {
    return Yaml.of(Commands.run("tar", "-xOf", image.toString(), "manifest.json"));
  }

  private static Yaml config() throws IOException, InterruptedException {
    String name = manifest().text("0", "Config");
    return Yaml.of(Commands.run("tar", "-xOf", image.toString(), name)).at("config");
  }

  /** The arguments of an instruction in the last stage of the Dockerfile. */
  private static List<String> instructions(String name) throws IOException {
    String dockerfile = Deployment.text("Dockerfile");
    return dockerfile
        .substring(dockerfile.lastIndexOf("\nFROM "))
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }
}
