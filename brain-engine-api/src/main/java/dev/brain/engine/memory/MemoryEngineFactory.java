// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineOption;
import dev.brain.engine.EngineSettings;
import java.util.List;

/**
 * Opens engines that start empty and keep everything in memory. All data is gone when the engine is
 * closed or the process ends; for tests and for trying Brain out. The directory of the settings is
 * neither read nor created.
 */
public final class MemoryEngineFactory implements EngineFactory {

  /** Called by {@link java.util.ServiceLoader}. */
  public MemoryEngineFactory() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<EngineOption> options() {
    return List.of();
  }

  @Override
  public Engine open(EngineSettings settings) {
    for (String option : settings.options().keySet()) {
      throw new EngineException.InvalidSettings(
          option + ": not an option of engine memory (expected: none)", null);
    }
    return new MemoryStorage().open();
  }
}
