// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;
import java.util.Map;

/**
 * What an engine is opened with.
 *
 * @param directory where an embedded engine keeps its files; created with mode 0700 if it does not
 *     exist. A distributed engine keeps at most local scratch files there
 * @param options the engine's own settings by {@linkplain EngineOption#name() name}; those not
 *     given have their defaults. An unknown name or a bad value makes opening fail with {@link
 *     EngineException.InvalidSettings}
 */
public record EngineSettings(Path directory, Map<String, String> options) {
  public EngineSettings {
    options = Map.copyOf(options);
  }
}
