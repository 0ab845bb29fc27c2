// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What a database says of its own commits, in two rows of the default column family that every
 * commit writes. One is set to the commit's number. To the other one is added: it counts the
 * commits that are there, whatever happened to those before them.
 *
 * @param newest the number of the newest commit that is there, 0 if there is none
 * @param present how many commits are there
 */
record Ledger(long newest, long present) {
  private static final byte[] NEWEST = "newest".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PRESENT = "present".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ONE = encode(1);

  /** The ledger of a database; may take long if there are many commits that are in no table yet. */
  static Ledger of(RocksDB database) throws RocksDBException {
    return new Ledger(read(database, NEWEST), read(database, PRESENT));
  }

  /** The ledger of the database in a directory, in which nothing changes. */
  static Ledger inspect(Path directory, RocksSettings settings) throws RocksDBException {
    try (Database database = Database.open(directory, settings, Database.Purpose.INSPECT)) {
      return of(database.rocks());
    }
  }

  /** Makes a batch the commit with the given number. */
  static void enter(WriteBatch batch, long number) throws RocksDBException {
    batch.put(NEWEST, encode(number));
    batch.merge(PRESENT, ONE);
  }

  /** Declares all commits up to a number present, durably. */
  static void declareWhole(RocksDB database, long number) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch();
        WriteOptions options = new WriteOptions().setSync(true)) {
      batch.put(NEWEST, encode(number));
      batch.put(PRESENT, encode(number));
      database.write(options, batch);
    }
  }

  /** Whether no commit before the newest one is missing. */
  boolean isWhole() {
    return newest == present;
  }

  private static long read(RocksDB database, byte[] row) throws RocksDBException {
    byte[] value = database.get(row);
    return value == null ? 0 : ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** As RocksDB's own operator for adding wants it. */
  private static byte[] encode(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }
}
