// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A half-open range of keys, {@code [start, end)}, in unsigned lexicographic order.
 *
 * <p>The arrays are shared, not copied: neither the giver nor a reader may change them.
 *
 * @param start the first key of the range; empty for the start of the space
 * @param end the first key behind the range, or null for the end of the space; an end at or below
 *     the start makes the range empty
 */
public record KeyRange(byte[] start, byte @Nullable [] end) {
  private static final byte[] EMPTY = {};

  /** Every key of a space. */
  public static KeyRange all() {
    return new KeyRange(EMPTY, null);
  }

  /** Exactly one key. */
  public static KeyRange single(byte[] key) {
    return new KeyRange(key, successor(key));
  }

  /** Every key at or above {@code start}. */
  public static KeyRange from(byte[] start) {
    return new KeyRange(start, null);
  }

  /** Every key that begins with {@code prefix}; an empty prefix means every key. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix, prefixEnd(prefix));
  }

  /** The least key above {@code key}: the same bytes and one zero byte. */
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** The least key above all keys that begin with {@code prefix}, or null if there is none. */
  public static byte @Nullable [] prefixEnd(byte[] prefix) {
    for (int last = prefix.length - 1; last >= 0; last--) {
      if (prefix[last] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(prefix, last + 1);
        end[last]++;
        return end;
      }
    }
    return null;
  }

  /** Whether this range holds no key at all. */
  public boolean isEmpty() {
    return end != null && Arrays.compareUnsigned(start, end) >= 0;
  }

  /** Whether this range can hold one key only. */
  public boolean isSingle() {
    byte[] bound = end;
    return bound != null
        && bound.length == start.length + 1
        && bound[start.length] == 0
        && Arrays.equals(bound, 0, start.length, start, 0, start.length);
  }

  /** Whether {@code key} lies in this range. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, start) >= 0
        && (end == null || Arrays.compareUnsigned(key, end) < 0);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyRange(byte[] otherStart, byte @Nullable [] otherEnd)
        && Arrays.equals(start, otherStart)
        && Arrays.equals(end, otherEnd);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
  }

  /** The sizes of the bounds; never the bytes, which may be secret. */
  @Override
  public String toString() {
    return "KeyRange[start="
        + start.length
        + " bytes, end="
        + (end == null ? "none" : end.length + " bytes")
        + "]";
  }
}
