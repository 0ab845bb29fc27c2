// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Writes, but for one write that fails: as one that is in the log all the same, or as one lost. */
final class FailingJournal implements RocksEngineFactory.Journal {
  private volatile @Nullable Boolean failWritten;

  /** Makes the next write fail, after it was written or instead of that. */
  void failNext(boolean written) {
    failWritten = written;
  }

  @Override
  public void write(RocksDB database, WriteOptions options, WriteBatch batch)
      throws RocksDBException {
    Boolean written = failWritten;
    failWritten = null;
    if (written == null || written) {
      database.write(options, batch);
    }
    if (written != null) {
      throw new RocksDBException("a fault given by the test");
    }
  }
}
