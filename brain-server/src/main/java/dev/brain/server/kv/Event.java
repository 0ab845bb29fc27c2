// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import org.jspecify.annotations.Nullable;

/**
 * One key changed.
 *
 * @param key the key that changed
 * @param row what it became; a tombstone if it was deleted
 * @param previous the live version it had before, or null if it did not exist. Always present when
 *     it existed
 */
public record Event(Key key, Row row, @Nullable Row previous) {
  /** Whether the key was deleted by this event. */
  public boolean isDelete() {
    return row.isTombstone();
  }
}
