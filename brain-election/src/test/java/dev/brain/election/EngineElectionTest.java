// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.engine.Engine;
import dev.brain.engine.memory.MemoryStorage;
import org.junit.jupiter.api.AfterEach;

class EngineElectionTest extends ElectionContract {
  private final Engine engine = new MemoryStorage().open();

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Override
  protected LeaderRecordStore store() {
    return new EngineRecordStore(engine);
  }
}
