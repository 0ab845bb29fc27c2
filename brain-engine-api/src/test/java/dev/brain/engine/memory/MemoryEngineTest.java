// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.CommitFault;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineContract;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class MemoryEngineTest extends EngineContract {
  private final Map<Path, MemoryStorage> storages = new HashMap<>();

  @Override
  protected Engine openEngine(Path storage) {
    return storages.computeIfAbsent(storage, _ -> new MemoryStorage()).open();
  }

  @Override
  protected boolean failNextCommit(Engine engine, CommitFault fault) {
    return false;
  }

  @Override
  public boolean supportsCheckpoint() {
    return false;
  }

  @Override
  public int operations() {
    return 100_000;
  }
}
