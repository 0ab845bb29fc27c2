// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineFactoryContract;

class MemoryEngineFactoryTest extends EngineFactoryContract {

  @Override
  protected EngineFactory factory() {
    return new MemoryEngineFactory();
  }

  @Override
  protected boolean livesInDirectory() {
    return false;
  }
}
