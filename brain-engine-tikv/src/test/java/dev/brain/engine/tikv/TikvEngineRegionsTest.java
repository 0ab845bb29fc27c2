// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import dev.brain.engine.Space;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The promises of the SPI with each space in several regions, led by different stores: commits in
 * two phases, scans over borders.
 */
class TikvEngineRegionsTest extends EngineContract {
  private final TikvFixture tikv = new TikvFixture();

  @BeforeEach
  void split() {
    Keyspace keyspace = new Keyspace("path-0");
    int store = 0;
    for (Space space : Space.values()) {
      for (String border : new String[] {"", "0005", "002", "aa", "c", "r", "\u0080"}) {
        byte[] key =
            keyspace.key(space, border.getBytes(StandardCharsets.ISO_8859_1)).toByteArray();
        tikv.emulator().split(key);
        tikv.emulator().moveLeader(key, 1 + store++ % 3);
      }
    }
  }

  @AfterEach
  void stop() {
    tikv.close();
  }

  @Override
  protected Engine openEngine(Path storage) {
    return tikv.open(storage);
  }

  @Override
  protected boolean failNextCommit(Engine engine, CommitFault fault) {
    return tikv.failNextCommit(fault);
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
