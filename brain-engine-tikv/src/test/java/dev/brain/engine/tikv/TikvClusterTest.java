// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import dev.brain.engine.EngineSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;

/**
 * The promises of the SPI on the cluster that {@code -Dbrain.tikv.pd-endpoints} names; skipped
 * without it. Leaves keyspaces behind whose names begin with {@code contract-}.
 */
class TikvClusterTest extends EngineContract {
  private static final String PROPERTY = "brain.tikv.pd-endpoints";

  private final String run = UUID.randomUUID().toString();
  private final Map<Path, String> keyspaces = new HashMap<>();

  @BeforeAll
  static void requireCluster() {
    assumeTrue(System.getProperty(PROPERTY) != null, "-D" + PROPERTY + " names no cluster");
  }

  @Override
  protected Engine openEngine(Path storage) {
    String keyspace =
        keyspaces.computeIfAbsent(storage, _ -> "contract-" + run + "-" + keyspaces.size());
    return new TikvEngineFactory()
        .open(
            new EngineSettings(
                storage,
                Map.of(
                    "pd-endpoints",
                    System.getProperty(PROPERTY),
                    "keyspace",
                    keyspace,
                    // The cluster may be somebody's.
                    "garbage-collection",
                    "false")));
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
