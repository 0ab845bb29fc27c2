// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Varints;
import java.util.zip.CRC32C;

/**
 * Hashes live keys in key order, each with its length in front, so that borders count. For one
 * thread.
 */
final class Hasher implements RowVisitor {
  private final CRC32C crc = new CRC32C();
  private final byte[] length = new byte[10];

  @Override
  public void row(Key key, Row row) {
    add(key.bytes());
    add(row.bytes());
  }

  private void add(byte[] bytes) {
    crc.update(length, 0, Varints.write(length, 0, bytes.length));
    crc.update(bytes, 0, bytes.length);
  }

  int hash() {
    return (int) crc.getValue();
  }
}
