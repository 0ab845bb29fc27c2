// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import java.nio.ByteBuffer;

/** Engine keys of the history and the log. A head is stored under the user's key itself. */
final class RowKeys {
  /*
   * History rows of one key must lie together and in order of revision, whatever bytes user keys hold.
   * So a key is escaped: 0x00 becomes 0x00 0xff, and 0x00 0x01 ends it. Since the end mark sorts below
   * every escaped byte, "a" with all its revisions comes before "a\0" and "ab". The revision follows as
   * eight big-endian bytes.
   *
   *     "a\0b" at 7  ->  61 00 ff 62 00 01 00 00 00 00 00 00 00 07
   */

  private static final byte ESCAPED_ZERO = (byte) 0xff;
  private static final byte END = 0x01;

  /** The bytes of a log key: a revision and the number of the event in it. */
  static final int LOG_KEY_BYTES = Long.BYTES + Integer.BYTES;

  private RowKeys() {}

  /** Where the version of a key that was written at a revision lies in the history. */
  static byte[] history(byte[] key, long revision) {
    byte[] row = escaped(key, Long.BYTES);
    ByteBuffer.wrap(row).putLong(row.length - Long.BYTES, revision);
    return row;
  }

  /** The history of a key from its oldest version through a revision. */
  static KeyRange historyThrough(byte[] key, long revision) {
    return new KeyRange(escaped(key, 0), history(key, revision + 1));
  }

  private static byte[] escaped(byte[] key, int behind) {
    int zeros = 0;
    for (byte b : key) {
      if (b == 0) {
        zeros++;
      }
    }
    byte[] escaped = new byte[key.length + zeros + 2 + behind];
    int at = 0;
    for (byte b : key) {
      escaped[at++] = b;
      if (b == 0) {
        escaped[at++] = ESCAPED_ZERO;
      }
    }
    escaped[at + 1] = END;
    return escaped;
  }

  /** Where an event lies in the log. */
  static byte[] log(long revision, int sub) {
    return ByteBuffer.allocate(LOG_KEY_BYTES).putLong(revision).putInt(sub).array();
  }

  /** The log of all revisions from one through another, inclusive. */
  static KeyRange logBetween(long from, long through) {
    return new KeyRange(log(from, 0), through == Long.MAX_VALUE ? null : log(through + 1, 0));
  }

  /** The revision of a log key. */
  static long logRevision(byte[] logKey) {
    return ByteBuffer.wrap(logKey).getLong();
  }
}
