// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import dev.brain.engine.EngineSettings;
import java.nio.file.Path;
import java.util.Map;

/** The promises of the SPI, kept by the engine as users get it. */
class RocksEngineTest extends EngineContract {
  private final FailingJournal journal = new FailingJournal();
  private final RocksEngineFactory factory = new RocksEngineFactory(journal);

  @Override
  protected Engine openEngine(Path storage) {
    return factory.open(new EngineSettings(storage, Map.of()));
  }

  @Override
  protected boolean failNextCommit(Engine engine, CommitFault fault) {
    switch (fault) {
      case UNKNOWN_APPLIED -> journal.failNext(true);
      case UNKNOWN_NOT_APPLIED -> journal.failNext(false);
      case REFUSED -> {
        return false; // refuses only after a commit whose outcome is not settled
      }
    }
    return true;
  }
}
