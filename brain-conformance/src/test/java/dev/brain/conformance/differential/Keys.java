// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Few keys that many requests meet on, and ranges between them. Twelve of them are hot: so few that
 * etcd's sort, which is not stable for more, is.
 */
final class Keys {
  private static final List<ByteString> HOT =
      Stream.of(
              bytes(0x00),
              bytes('h', 0x00),
              bytes('h', 'a'),
              bytes('h', 'a', 0x00),
              bytes('h', 'a', 'b'),
              bytes('h', 'b', ' ', '$'),
              bytes('h', 'b', 0xff),
              bytes('h', 'b', 0xff, 0xff),
              bytes('h', 'c'),
              bytes('h', 0xc3, 0x28),
              bytes('h', 0xff),
              ByteString.copyFromUtf8("h" + "long/".repeat(20)))
          .toList();
  private static final List<ByteString> COLD =
      IntStream.range(0, 40).mapToObj(i -> ByteString.copyFromUtf8("k/%02d".formatted(i))).toList();

  /** Ends a range that has no end. */
  static final ByteString TO_THE_END = bytes(0x00);

  /** A key and a range end, which is empty for the key alone. */
  record Range(ByteString key, ByteString end) {}

  private Keys() {}

  static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }

  /** A key to write, mostly hot, at times empty. */
  static ByteString key(Random random) {
    int choice = random.nextInt(100);
    if (choice == 0) {
      return ByteString.EMPTY;
    }
    return choice < 70 ? hot(random) : COLD.get(random.nextInt(COLD.size()));
  }

  static ByteString hot(Random random) {
    return HOT.get(random.nextInt(HOT.size()));
  }

  /** A key alone or a range of any kind. */
  static Range range(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> new Range(key(random), ByteString.EMPTY);
      case 4 -> new Range(TO_THE_END, TO_THE_END);
      case 5 -> new Range(key(random), TO_THE_END);
      case 6 -> new Range(bytes('k', '/'), bytes('k', '0'));
      case 7 -> new Range(COLD.get(random.nextInt(40)), bytes('k', '0'));
      case 8 -> new Range(key(random), key(random));
      default -> hotRange(random);
    };
  }

  /** A range that holds hot keys only. */
  static Range hotRange(Random random) {
    // As an end, the first hot key would mean that there is none.
    ByteString one = HOT.get(1 + random.nextInt(HOT.size() - 1));
    ByteString two = hot(random);
    return switch (random.nextInt(4)) {
      case 0 -> new Range(bytes('h'), bytes('i'));
      case 1 -> new Range(one, ByteString.EMPTY);
      case 2 -> new Range(two, one);
      default ->
          ByteString.unsignedLexicographicalComparator().compare(one, two) < 0
                  && !two.equals(TO_THE_END)
              ? new Range(one, two)
              : new Range(two, one);
    };
  }
}
