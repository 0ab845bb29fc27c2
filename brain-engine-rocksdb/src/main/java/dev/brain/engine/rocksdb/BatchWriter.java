// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.WriteBatch.Operation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Puts a batch into RocksDB's words. Nobody else may write meanwhile. */
final class BatchWriter {
  /** Bytes of a native batch beside keys and values. */
  private static final int HEADER_BYTES = 128;

  private static final int OPERATION_BYTES = 16;

  private final Database database;

  BatchWriter(Database database) {
    this.database = database;
  }

  /** A native batch with the same operations, which the caller closes. */
  org.rocksdb.WriteBatch write(WriteBatch batch) throws RocksDBException {
    List<Operation> operations = batch.operations();
    long bytes = HEADER_BYTES + batch.bytes() + (long) operations.size() * OPERATION_BYTES;
    org.rocksdb.WriteBatch target =
        new org.rocksdb.WriteBatch((int) Math.min(bytes, Integer.MAX_VALUE));
    try {
      for (int index = 0; index < operations.size(); index++) {
        switch (operations.get(index)) {
          case Operation.Put(Space space, byte[] key, byte[] value) ->
              target.put(database.handle(space), key, value);
          case Operation.Delete(Space space, byte[] key) ->
              target.delete(database.handle(space), key);
          case Operation.DeleteRange(Space space, KeyRange range) ->
              deleteRange(target, space, range, operations.subList(0, index));
        }
      }
      return target;
    } catch (Throwable e) {
      target.close();
      throw e;
    }
  }

  private void deleteRange(
      org.rocksdb.WriteBatch target, Space space, KeyRange range, List<Operation> before)
      throws RocksDBException {
    if (range.isEmpty()) {
      return;
    }
    byte[] end = range.end();
    if (end == null) {
      // RocksDB wants an end. No key is there to be deleted behind this one.
      byte[] last = lastKey(space, before);
      if (last == null || Arrays.compareUnsigned(last, range.start()) < 0) {
        return;
      }
      end = KeyRange.successor(last);
    }
    target.deleteRange(database.handle(space), range.start(), end);
  }

  /** The greatest key that is there or put by the operations before, or null if there is none. */
  private byte @Nullable [] lastKey(Space space, List<Operation> before) throws RocksDBException {
    byte[] last = lastStoredKey(database.handle(space));
    for (Operation operation : before) {
      if (operation instanceof Operation.Put(Space putTo, byte[] key, byte[] _)
          && putTo == space
          && (last == null || Arrays.compareUnsigned(key, last) > 0)) {
        last = key;
      }
    }
    return last;
  }

  private byte @Nullable [] lastStoredKey(ColumnFamilyHandle handle) throws RocksDBException {
    try (RocksIterator iterator = database.rocks().newIterator(handle)) {
      iterator.seekToLast();
      if (iterator.isValid()) {
        return iterator.key();
      }
      iterator.status();
      return null;
    }
  }
}
