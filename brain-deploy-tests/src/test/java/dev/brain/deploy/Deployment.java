// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the things under test lie. */
final class Deployment {
  private Deployment() {}

  /** The directory {@code deploy} of the sources. */
  static Path directory() {
    return Path.of(property("brain.deploy"));
  }

  /** The distribution that the build has put together. */
  static Path distribution() {
    return directory().resolve("target").resolve(name());
  }

  /** The distribution as it is handed out. */
  static Path archive() {
    return directory().resolve("target").resolve(name() + ".tar.gz");
  }

  /** The distribution's name: {@code brain-0.1.0}. */
  static String name() {
    return "brain-" + version();
  }

  static String version() {
    return property("brain.version");
  }

  /** A file of the sources. */
  static String text(String path) throws IOException {
    return Files.readString(directory().resolve(path));
  }

  private static String property(String name) {
    return Objects.requireNonNull(
        System.getProperty(name), "property " + name + " (expected: set by this module's pom)");
  }
}
