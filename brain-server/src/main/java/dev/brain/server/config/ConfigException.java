// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.util.List;

/** The settings are not usable. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Lists, unlike the interface, are known to be serializable. */
  private final String[] faults;

  ConfigException(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = faults.toArray(String[]::new);
  }

  /** Everything that is wrong, one line each: name, value, what was expected. */
  public List<String> faults() {
    return List.of(faults);
  }
}
