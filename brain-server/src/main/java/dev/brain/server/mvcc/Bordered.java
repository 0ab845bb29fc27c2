// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import java.util.Arrays;
import java.util.List;

/** Something that reaches from its first key to that of the next one in a list. */
interface Bordered {
  /** The first key that can be in it; must not be changed. */
  byte[] start();

  /** The place of the one that a key belongs to; the key is not below the first start. */
  static int placeOf(byte[] key, List<? extends Bordered> ordered) {
    int low = 0;
    int high = ordered.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(ordered.get(middle).start(), key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
