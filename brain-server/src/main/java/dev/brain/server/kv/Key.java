// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A user's key: any byte string of at least one byte, ordered as unsigned bytes.
 *
 * <p>The array is shared, not copied: nobody may change it once a key was made of it.
 */
public final class Key implements Comparable<Key> {
  private final byte[] bytes;
  private final int hash;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** The key with these bytes, which must not change any more. */
  public static Key of(byte[] bytes) {
    return new Key(bytes);
  }

  /** The bytes of this key; must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key that && hash == that.hash && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The size only: keys may be secret. */
  @Override
  public String toString() {
    return "Key[" + bytes.length + " bytes]";
  }
}
