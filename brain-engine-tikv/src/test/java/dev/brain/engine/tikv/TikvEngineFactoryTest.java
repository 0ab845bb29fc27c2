// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineFactoryContract;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class TikvEngineFactoryTest extends EngineFactoryContract {
  private final TikvEmulator emulator = TikvEmulator.start(1);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Override
  protected EngineFactory factory() {
    return new TikvEngineFactory();
  }

  @Override
  protected Map<String, String> requiredOptions() {
    return Map.of("pd-endpoints", emulator.pdAddress(), "request-timeout", "1m");
  }

  @Override
  protected boolean livesInDirectory() {
    return false;
  }
}
