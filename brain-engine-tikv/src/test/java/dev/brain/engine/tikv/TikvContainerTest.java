// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import dev.brain.engine.EngineSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;

/** The promises of the SPI on a TiKV of one store in containers; skipped without Docker. */
class TikvContainerTest extends EngineContract {
  private static @Nullable TikvContainers containers;

  private final String test = Long.toString(System.nanoTime(), Character.MAX_RADIX);
  private final Map<Path, String> keyspaces = new HashMap<>();

  @BeforeAll
  static void start() {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "there is no Docker");
    containers = new TikvContainers();
  }

  @AfterAll
  static void stop() {
    if (containers != null) {
      containers.close();
    }
  }

  @Override
  protected Engine openEngine(Path storage) {
    String keyspace = keyspaces.computeIfAbsent(storage, _ -> test + "-" + keyspaces.size());
    return new TikvEngineFactory(requireNonNull(containers)::reachable)
        .open(
            new EngineSettings(
                storage,
                Map.of(
                    "pd-endpoints",
                    TikvContainers.PD,
                    "keyspace",
                    keyspace,
                    "request-timeout",
                    "1m")));
  }

  @Override
  protected boolean failNextCommit(Engine engine, CommitFault fault) {
    return false; // a real cluster is not broken on purpose
  }

  @Override
  public boolean supportsCheckpoint() {
    return false;
  }

  @Override
  public int operations() {
    return 1_000;
  }
}
