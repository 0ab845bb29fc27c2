// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;

/** The kit over an engine that refuses every commit while one is unknown. */
class FaultyEngineRefusingTest extends FaultyEngineTest {

  @Override
  protected FaultyEngine openEngine(Path storage) {
    FaultyEngine engine = super.openEngine(storage);
    engine.refuseWhileUnknown(true);
    return engine;
  }
}
