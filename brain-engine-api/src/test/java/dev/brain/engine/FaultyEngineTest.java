// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import dev.brain.engine.memory.MemoryStorage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The faults of the kit, as a sound engine would have them. */
class FaultyEngineTest extends EngineContract {
  private final Map<Path, MemoryStorage> storages = new HashMap<>();

  @Override
  protected FaultyEngine openEngine(Path storage) {
    return new FaultyEngine(storages.computeIfAbsent(storage, _ -> new MemoryStorage()).open());
  }

  @Override
  protected boolean failNextCommit(Engine engine, CommitFault fault) {
    ((FaultyEngine) engine).nextCommit(plan(fault));
    return true;
  }

  /** The plan that a fault of the kit becomes. */
  CommitPlan plan(CommitFault fault) {
    return switch (fault) {
      case UNKNOWN_APPLIED -> CommitPlan.unknownApplied();
      case UNKNOWN_NOT_APPLIED -> CommitPlan.unknownNotApplied();
      case REFUSED -> CommitPlan.refused();
    };
  }

  @Override
  public boolean supportsCheckpoint() {
    return false;
  }
}
