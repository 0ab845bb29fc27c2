// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import dev.brain.engine.Space;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * RocksDB, opened once. Thread-safe, but for {@link #close}: nobody may be inside any other method
 * by then, which is the engine's gate to see to.
 */
final class Database implements AutoCloseable {

  /** What a database is opened for. */
  enum Purpose {
    /** To be made; it must not exist. */
    CREATE,
    /** To be looked at: nothing on disk changes, above all the write-ahead logs. */
    INSPECT,
    /** To be used. */
    USE
  }

  private final Path directory;
  private final Tuning tuning;
  private final RocksDB rocks;
  private final List<ColumnFamilyHandle> handles;
  private final Map<Space, ColumnFamilyHandle> spaces = new EnumMap<>(Space.class);
  private final ReadOptions latest = new ReadOptions();
  private final Reclaim reclaim = new Reclaim(this);
  private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();

  private Database(Path directory, Tuning tuning, RocksDB rocks, List<ColumnFamilyHandle> handles) {
    this.directory = directory;
    this.tuning = tuning;
    this.rocks = rocks;
    this.handles = handles;
    Iterator<ColumnFamilyHandle> next = handles.iterator();
    next.next(); // the engine's own rows
    for (Space space : Space.values()) {
      spaces.put(space, next.next());
    }
  }

  static Database open(Path directory, RocksSettings settings, Purpose purpose)
      throws RocksDBException {
    Tuning tuning = new Tuning(settings);
    try {
      boolean create = purpose == Purpose.CREATE;
      tuning
          .database()
          .setCreateIfMissing(create)
          .setCreateMissingColumnFamilies(create)
          .setErrorIfExists(create);
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB rocks =
          purpose == Purpose.INSPECT
              ? RocksDB.openReadOnly(
                  tuning.database(), directory.toString(), tuning.families(), handles)
              : RocksDB.open(tuning.database(), directory.toString(), tuning.families(), handles);
      return new Database(directory, tuning, rocks, handles);
    } catch (Throwable e) {
      tuning.close();
      throw e;
    }
  }

  /** RocksDB itself, for those who live inside this database's time. */
  RocksDB rocks() {
    return rocks;
  }

  ColumnFamilyHandle handle(Space space) {
    ColumnFamilyHandle handle = spaces.get(space);
    if (handle == null) {
      throw new IllegalStateException("no column family for " + space);
    }
    return handle;
  }

  Reclaim reclaim() {
    return reclaim;
  }

  /** The value of a key as of now. */
  byte @Nullable [] get(Space space, byte[] key) {
    try {
      return rocks.get(handle(space), latest, key);
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  RocksSnapshot snapshot() {
    RocksSnapshot snapshot = new RocksSnapshot(this);
    snapshots.add(snapshot);
    return snapshot;
  }

  /** Told by a snapshot that its owner closed it. */
  void forget(RocksSnapshot snapshot) {
    snapshots.remove(snapshot);
  }

  /** Writes everything into tables, so that the next start finds short write-ahead logs. */
  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      rocks.flush(options, handles);
    }
  }

  /** The memory that rows take which are not in tables yet, in bytes. */
  long unwrittenBytes() {
    return sum("rocksdb.cur-size-all-mem-tables");
  }

  /** An estimate of the bytes in tables that are not deleted or replaced. */
  long liveTableBytes() {
    return sum("rocksdb.estimate-live-data-size");
  }

  private long sum(String property) {
    try {
      long sum = 0;
      for (ColumnFamilyHandle handle : handles) {
        sum += rocks.getLongProperty(handle, property);
      }
      return sum;
    } catch (RocksDBException e) {
      throw failure("measure", e);
    }
  }

  EngineException failure(String action, RocksDBException failure) {
    return Failures.of(directory, action, failure);
  }

  /**
   * Ends the snapshots that are open, and their cursors.
   *
   * @param patience how long to wait for those who are reading, in nanoseconds
   * @return false if one of them goes on reading, so that this database must not be closed
   */
  boolean endSnapshots(Tenure.End reason, long patience) {
    for (RocksSnapshot snapshot : snapshots) {
      if (!snapshot.end(reason, patience)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #endSnapshots(Tenure.End, long)}, and waits as long as it takes. */
  void endSnapshots(Tenure.End reason) {
    snapshots.forEach(snapshot -> snapshot.end(reason));
  }

  @Override
  public void close() {
    latest.close();
    rocks.close(); // and with it the handles
    tuning.close();
  }
}
