// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineSettings;
import dev.brain.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds and opens storage engines. */
final class Engines {
  private Engines() {}

  /**
   * Opens the engine that was chosen.
   *
   * @throws StartException if there is none of that name, or it cannot be opened
   */
  static Engine open(ServerConfig.EngineChoice choice, Path directory) throws StartException {
    EngineFactory factory = factory(choice.name());
    try {
      return factory.open(new EngineSettings(directory, choice.options()));
    } catch (EngineException e) {
      throw new StartException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    }
  }

  /** Finds an engine by its name. */
  static EngineFactory factory(String name) throws StartException {
    ServiceLoader<EngineFactory> factories = ServiceLoader.load(EngineFactory.class);
    for (EngineFactory factory : factories) {
      if (factory.name().equals(name)) {
        return factory;
      }
    }
    String names =
        factories.stream()
            .map(provider -> provider.get().name())
            .sorted()
            .collect(Collectors.joining(", "));
    throw new StartException("--engine: " + name + " (expected: " + names + ")", null);
  }
}
