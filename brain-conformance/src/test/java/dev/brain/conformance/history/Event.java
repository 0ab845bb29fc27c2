// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import org.jspecify.annotations.Nullable;

/**
 * One change of one key.
 *
 * @param previous the version before, null if the event came without
 */
public record Event(boolean delete, KeyValue keyValue, @Nullable KeyValue previous) {

  /** The revision that made the change. */
  public long revision() {
    return keyValue.modRevision();
  }

  /** The key. */
  public String key() {
    return keyValue.key();
  }

  /** The same change without the version before. */
  public Event bare() {
    return previous == null ? this : new Event(delete, keyValue, null);
  }

  @Override
  public String toString() {
    return (delete ? "delete " + key() + " (mod " + revision() + ")" : "put " + keyValue)
        + (previous == null ? "" : " after " + previous);
  }
}
