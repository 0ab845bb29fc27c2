// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import dev.brain.engine.EngineException.Corrupted;
import dev.brain.engine.EngineException.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDBException;

/** Makes directories of data, of which nothing counts until all of it is there. */
final class NewDirectory {
  /** The number of the commit that makes a database. */
  static final long FIRST = 1;

  private NewDirectory() {}

  /**
   * Fills an empty directory with an empty database. That has a name of its own until it is whole;
   * {@link DataDirectory#open} gives it the right one if the process dies before.
   */
  static HighWater fill(Path directory, RocksSettings settings)
      throws IOException, RocksDBException {
    Path unfinished = directory.resolve(DataDirectory.ROCKSDB + DurableFiles.UNFINISHED);
    DurableFiles.deleteTree(unfinished);
    try (Database database = Database.open(unfinished, settings, Database.Purpose.CREATE)) {
      Ledger.declareWhole(database.rocks(), FIRST);
      database.flush();
    }
    HighWater made = HighWater.create(directory.resolve(DataDirectory.HIGH_WATER), FIRST);
    DurableFiles.rename(unfinished, directory.resolve(DataDirectory.ROCKSDB));
    return made;
  }

  /** Makes a directory with a copy of a database. It has a high-water file once it is whole. */
  static void copy(Database database, Path target, RocksSettings settings) {
    try {
      DurableFiles.createDirectory(target);
    } catch (IOException e) {
      throw new IllegalArgumentException(target + ": cannot be made: " + e, e);
    }
    try (Checkpoint checkpoint = Checkpoint.create(database.rocks())) {
      Path rocksdb = target.resolve(DataDirectory.ROCKSDB);
      checkpoint.createCheckpoint(rocksdb.toString());
      Ledger ledger = Ledger.inspect(rocksdb, settings);
      if (!ledger.isWhole()) {
        throw abandoned(target, new Corrupted(target + ": the copy lacks commits", null));
      }
      HighWater.create(target.resolve(DataDirectory.HIGH_WATER), ledger.newest()).close();
      DurableFiles.syncParent(target);
    } catch (RocksDBException e) {
      throw abandoned(target, Failures.of(target, "write a copy", e));
    } catch (IOException e) {
      throw abandoned(target, new Unavailable(target + ": cannot write a copy: " + e, e));
    }
  }

  private static EngineException abandoned(Path target, EngineException failure) {
    try {
      DurableFiles.deleteTree(target);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
