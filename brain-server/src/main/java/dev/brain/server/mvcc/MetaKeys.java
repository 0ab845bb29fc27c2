// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Names of the store's rows in the meta space, and their numbers. */
final class MetaKeys {
  /** The version of everything written below; a newer one is refused. */
  static final byte[] FORMAT = ascii("format");

  static final byte[] CLUSTER_ID = ascii("cluster-id");
  static final byte[] MEMBER_ID = ascii("member-id");

  /** Reads below this revision fail. */
  static final byte[] COMPACT_REVISION = ascii("compact-revision");

  /** Compaction has deleted what revisions below this one replaced. */
  static final byte[] COMPACTED_THROUGH = ascii("compacted-through");

  /** No revision at or below this one may be used; written by a restore. */
  static final byte[] REVISION_FLOOR = ascii("revision-floor");

  private static final byte[] LEASE = ascii("lease/");
  private static final byte[] LEASE_KEY = ascii("lease-key/");
  private static final String RECORD = "server/";

  private static final List<byte[]> DATA =
      List.of(COMPACT_REVISION, COMPACTED_THROUGH, REVISION_FLOOR, LEASE, LEASE_KEY, ascii(RECORD));

  private MetaKeys() {}

  /**
   * Whether a row belongs to what the store holds: not its format and its ids, and nothing that
   * others keep in the meta space.
   */
  static boolean isData(byte[] row) {
    return DATA.stream().anyMatch(name -> isOrBeginsWith(row, name));
  }

  private static boolean isOrBeginsWith(byte[] row, byte[] name) {
    boolean prefix = name[name.length - 1] == '/';
    return (prefix ? row.length >= name.length : row.length == name.length)
        && Arrays.equals(row, 0, name.length, name, 0, name.length);
  }

  static byte[] lease(long id) {
    return ByteBuffer.allocate(LEASE.length + Long.BYTES).put(LEASE).putLong(id).array();
  }

  static KeyRange leases() {
    return KeyRange.prefix(LEASE);
  }

  static long leaseId(byte[] leaseKey) {
    return ByteBuffer.wrap(leaseKey).getLong(LEASE.length);
  }

  /** The row that says that a key is attached to a lease. */
  static byte[] leaseKey(long id, Key key) {
    byte[] user = key.bytes();
    return ByteBuffer.allocate(LEASE_KEY.length + Long.BYTES + user.length)
        .put(LEASE_KEY)
        .putLong(id)
        .put(user)
        .array();
  }

  static KeyRange leaseKeys() {
    return KeyRange.prefix(LEASE_KEY);
  }

  static long attachedLease(byte[] row) {
    return ByteBuffer.wrap(row).getLong(LEASE_KEY.length);
  }

  static Key attachedKey(byte[] row) {
    return Key.of(Arrays.copyOfRange(row, LEASE_KEY.length + Long.BYTES, row.length));
  }

  static byte[] record(String name) {
    if (!name.startsWith(RECORD)) {
      throw new IllegalArgumentException(
          "record name: " + name + " (expected: below " + RECORD + ")");
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /** The number of a row. Throws Corrupted if it holds none. */
  static long number(byte[] name, byte[] value) {
    if (value.length != Long.BYTES) {
      throw new EngineException.Corrupted(
          "meta row "
              + new String(name, StandardCharsets.US_ASCII)
              + ": "
              + value.length
              + " bytes (expected: 8 bytes)",
          null);
    }
    return ByteBuffer.wrap(value).getLong();
  }

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
