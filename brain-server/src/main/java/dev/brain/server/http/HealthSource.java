// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import java.util.Optional;
import java.util.Set;

/** Knows how the server is. Thread-safe. */
public interface HealthSource {
  /** The names of the alarms that are raised: {@code NOSPACE}, {@code CORRUPT}. */
  Set<String> alarms();

  /** Whether writes can be ordered now. */
  boolean hasLeader();

  /**
   * Reads from the store; may block.
   *
   * @param serializable whether what this node knows is enough
   * @return why it failed; empty if it did not
   */
  Optional<String> readFailure(boolean serializable);
}
