// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Where the rows of one Brain cluster are among the keys of a TiKV cluster: {@code
 * brain/<keyspace>/}, one byte for the space, the key. Immutable.
 */
final class Keyspace {
  /*
   * TiDB's keys begin with m and t, those of TiKV's API V2 with r and x; ours begin with b.
   *
   * META follows LOG directly. So the end of the log, which every commit writes, and the fence, which
   * every commit requires, are in one region as often as can be.
   */

  /** The order of keys in TiKV. */
  static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();

  /** TiKV takes encoded keys of up to 8 KiB; its encoding adds one byte to every eight. */
  static final int MAX_KEY_BYTES = 7_000;

  private final ByteString prefix;

  Keyspace(String name) {
    prefix = ByteString.copyFrom("brain/" + name + "/", StandardCharsets.US_ASCII);
  }

  /** The key in TiKV of a key of a space. */
  ByteString key(Space space, byte[] key) {
    int head = prefix.size() + 1;
    byte[] bytes = new byte[head + key.length];
    prefix.copyTo(bytes, 0);
    bytes[head - 1] = space.id();
    System.arraycopy(key, 0, bytes, head, key.length);
    return ByteString.copyFrom(bytes);
  }

  /** The first key of a range. */
  ByteString start(Space space, KeyRange range) {
    return key(space, range.start());
  }

  /** The first key behind a range. */
  ByteString end(Space space, KeyRange range) {
    byte[] end = range.end();
    return end == null ? beside((byte) (space.id() + 1)) : key(space, end);
  }

  /** The key of a space's row, from its key in TiKV, as a new array. */
  byte[] userKey(ByteString key) {
    return key.substring(prefix.size() + 1).toByteArray();
  }

  /** The row that says how the other rows are written; in none of the spaces. */
  ByteString format() {
    return beside((byte) 'f');
  }

  /** The first key of this keyspace. */
  ByteString first() {
    return prefix;
  }

  /** The first key behind this keyspace. */
  ByteString behind() {
    byte[] bytes = prefix.toByteArray();
    bytes[bytes.length - 1]++; // the slash
    return ByteString.copyFrom(bytes);
  }

  private ByteString beside(byte id) {
    byte[] bytes = new byte[prefix.size() + 1];
    prefix.copyTo(bytes, 0);
    bytes[bytes.length - 1] = id;
    return ByteString.copyFrom(bytes);
  }
}
