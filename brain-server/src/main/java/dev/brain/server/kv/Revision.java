// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.List;

/**
 * Everything that one revision changed.
 *
 * @param number the revision, above 1
 * @param events its events in the order in which the transaction made them; at least one
 */
public record Revision(long number, List<Event> events) {
  public Revision {
    events = List.copyOf(events);
  }
}
