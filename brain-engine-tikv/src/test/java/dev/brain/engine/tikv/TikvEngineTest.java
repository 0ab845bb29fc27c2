// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** The promises of the SPI with everything in one region: commits in one phase. */
class TikvEngineTest extends EngineContract {
  private final TikvFixture tikv = new TikvFixture();

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
