// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold of one key at the moment of a commit. Arrays are shared, not copied. */
public sealed interface Condition {

  /** The space of the key. */
  Space space();

  /** The key that is looked at. */
  byte[] key();

  /**
   * Whether this condition holds for a key that has the given value.
   *
   * @param current the key's value, or null if the key is absent
   */
  boolean holds(byte @Nullable [] current);

  /** The key exists, with any value. */
  @SuppressWarnings("ArrayRecordComponent") // identity is never compared
  record Exists(Space space, byte[] key) implements Condition {
    @Override
    public boolean holds(byte @Nullable [] current) {
      return current != null;
    }
  }

  /** The key does not exist. */
  @SuppressWarnings("ArrayRecordComponent") // identity is never compared
  record Absent(Space space, byte[] key) implements Condition {
    @Override
    public boolean holds(byte @Nullable [] current) {
      return current == null;
    }
  }

  /** The key exists and holds exactly these bytes. */
  @SuppressWarnings("ArrayRecordComponent") // identity is never compared
  record Holds(Space space, byte[] key, byte[] value) implements Condition {
    @Override
    public boolean holds(byte @Nullable [] current) {
      return current != null && Arrays.equals(current, value);
    }
  }
}
