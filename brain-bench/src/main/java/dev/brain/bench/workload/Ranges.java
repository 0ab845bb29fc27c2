// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bounds of ranges of keys. */
final class Ranges {
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private Ranges() {}

  /** The first key behind all that begin with a prefix of ASCII. */
  static ByteString prefixEnd(String prefix) {
    byte[] end = prefix.getBytes(StandardCharsets.US_ASCII);
    end[end.length - 1]++;
    return ByteString.copyFrom(Arrays.copyOf(end, end.length));
  }

  /** The first key behind a key. */
  static ByteString behind(ByteString key) {
    return key.concat(ZERO);
  }
}
