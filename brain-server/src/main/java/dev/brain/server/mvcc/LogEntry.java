// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One event in the log: enough to find the rows it is about, and all that a compaction has to know.
 *
 * @param key the key that changed
 * @param previousRevision the mod revision of the version that was replaced, a tombstone included;
 *     0 if there was none
 * @param delete whether the key was deleted
 */
record LogEntry(Key key, long previousRevision, boolean delete) {
  private static final byte PUT = 0;
  private static final byte DELETE = 1;
  private static final int KEY_OFFSET = 1 + Long.BYTES;

  byte[] encode() {
    byte[] user = key.bytes();
    return ByteBuffer.allocate(KEY_OFFSET + user.length)
        .put(delete ? DELETE : PUT)
        .putLong(previousRevision)
        .put(user)
        .array();
  }

  /** Reads a stored entry. Throws IllegalArgumentException if the bytes are none. */
  static LogEntry decode(byte[] bytes) {
    if (bytes.length <= KEY_OFFSET || (bytes[0] != PUT && bytes[0] != DELETE)) {
      throw new IllegalArgumentException(
          "log entry: " + bytes.length + " bytes (expected: a kind, a revision and a key)");
    }
    Key key = Key.of(Arrays.copyOfRange(bytes, KEY_OFFSET, bytes.length));
    return new LogEntry(key, ByteBuffer.wrap(bytes).getLong(1), bytes[0] == DELETE);
  }
}
