// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Keys of one size below one prefix, one per index, in an order that has nothing to do with the
 * index: {@code <prefix>ns-4f/pod-9e3779b97f4a7c15xxxx}. Pods are spread over 128 namespaces.
 */
public final class KeySpace {
  /*
   * An index times an odd number, modulo 2^64, is a different number for each index, and the number's inverse leads back.
   * This one is 2^64 divided by the golden ratio, which spreads neighbours far apart.
   */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;
  private static final long GATHER = inverse(SPREAD);
  private static final String POD = "/pod-";
  private static final int HASH_SIZE = 16;
  private static final int NAMESPACE_BITS = 7;
  private static final int FIXED_SIZE = "ns-00".length() + POD.length() + HASH_SIZE;

  private final String prefix;
  private final String padding;
  private final ByteString start;
  private final ByteString end;

  /** Refuses a size that leaves no room for prefix, namespace and pod. */
  public KeySpace(String prefix, int keySize) {
    int least = prefix.length() + FIXED_SIZE;
    if (keySize < least) {
      throw new WorkloadException(
          "key size: " + keySize + " (expected: at least " + least + " bytes for " + prefix + ")");
    }
    this.prefix = prefix;
    this.padding = "x".repeat(keySize - least);
    this.start = ByteString.copyFromUtf8(prefix);
    this.end = Ranges.prefixEnd(prefix);
  }

  /** The key of an index. */
  public ByteString key(long index) {
    long hash = index * SPREAD;
    HexFormat hex = HexFormat.of();
    String key =
        prefix
            + "ns-"
            + hex.toHexDigits(hash >>> (Long.SIZE - NAMESPACE_BITS), 2)
            + POD
            + hex.toHexDigits(hash)
            + padding;
    return ByteString.copyFrom(key, StandardCharsets.US_ASCII);
  }

  /** The index of a key of this space. */
  long index(ByteString key) {
    int end = key.size() - padding.length();
    String hash = key.substring(end - HASH_SIZE, end).toStringUtf8();
    return HexFormat.fromHexDigitsToLong(hash) * GATHER;
  }

  /** The first key that may be in this space. */
  public ByteString start() {
    return start;
  }

  /** The first key behind this space. */
  public ByteString end() {
    return end;
  }

  /**
   * Newton's method: each round doubles the number of right bits, and an odd number begins with
   * three.
   */
  private static long inverse(long odd) {
    long inverse = odd;
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
