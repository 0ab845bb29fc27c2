// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.process;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the programs of others that the tests run beside Brain: in the directory that {@code
 * .ci/install-peers} fills ({@code BRAIN_PEERS_DIR}, else {@code brain-peers} in the user's cache),
 * else on the path. A test that needs a missing one is skipped, and says which.
 */
public final class Peers {
  private Peers() {}

  /** The program {@code name}; skips the test when it is not there. */
  public static Path require(String name) {
    List<Path> places = Stream.concat(Stream.of(installed().resolve("usr/bin")), path()).toList();
    for (Path place : places) {
      Path program = place.resolve(name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    return abort(
        name + " is neither in " + installed() + " nor on the path; run .ci/install-peers");
  }

  private static Path installed() {
    String directory = environment("BRAIN_PEERS_DIR");
    if (directory != null) {
      return Path.of(directory);
    }
    String cache = environment("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    return (cache == null ? home.resolve(".cache") : Path.of(cache)).resolve("brain-peers");
  }

  private static Stream<Path> path() {
    String path = environment("PATH");
    return path == null ? Stream.empty() : Arrays.stream(path.split(":", -1)).map(Path::of);
  }

  private static @Nullable String environment(String name) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
