// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineFactoryContract;

class RocksEngineFactoryTest extends EngineFactoryContract {
  @Override
  protected EngineFactory factory() {
    return new RocksEngineFactory();
  }
}
