// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Cursor;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;

/** A view of one database. Ends when it is closed, and when its database is. */
final class RocksSnapshot implements Snapshot {
  private final Tenure tenure = new Tenure("the snapshot");
  private final Database database;
  private final org.rocksdb.Snapshot sequence;
  private final ReadOptions reads;
  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();

  RocksSnapshot(Database database) {
    this.database = database;
    sequence = database.rocks().getSnapshot();
    reads = new ReadOptions().setSnapshot(sequence);
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    long stamp = tenure.enter();
    try {
      return read(space, key);
    } finally {
      tenure.exit(stamp);
    }
  }

  @Override
  public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
    long stamp = tenure.enter();
    try {
      if (keys.isEmpty()) {
        return List.of();
      }
      List<byte @Nullable []> values =
          new ArrayList<>(
              database
                  .rocks()
                  .multiGetAsList(
                      reads, Collections.nCopies(keys.size(), database.handle(space)), keys));
      for (int index = 0; index < values.size(); index++) {
        // The binding answers null for a value that it could not read, too. Asked for one key it
        // throws.
        if (values.get(index) == null) {
          values.set(index, read(space, keys.get(index)));
        }
      }
      return values;
    } catch (RocksDBException e) {
      throw database.failure("read", e);
    } finally {
      tenure.exit(stamp);
    }
  }

  @Override
  public Cursor scan(Space space, KeyRange range, ScanOptions options) {
    long stamp = tenure.enter();
    try {
      RocksCursor cursor = new RocksCursor(this, database, sequence, space, range, options);
      cursors.add(cursor);
      return cursor;
    } finally {
      tenure.exit(stamp);
    }
  }

  private byte @Nullable [] read(Space space, byte[] key) {
    try {
      return database.rocks().get(database.handle(space), reads, key);
    } catch (RocksDBException e) {
      throw database.failure("read", e);
    }
  }

  /** Told by a cursor that its owner closed it. */
  void forget(RocksCursor cursor) {
    cursors.remove(cursor);
  }

  @Override
  public void close() {
    end(Tenure.End.CLOSED);
    database.forget(this);
  }

  /**
   * Ends this snapshot and its cursors.
   *
   * @param patience how long to wait for each reader, in nanoseconds
   * @return false if one goes on reading
   */
  boolean end(Tenure.End reason, long patience) {
    for (RocksCursor cursor : cursors) {
      if (!cursor.end(reason, patience)) {
        return false;
      }
    }
    return tenure.end(reason, patience, () -> free(reason));
  }

  /** Ends this snapshot and its cursors as soon as nobody reads in them. */
  void end(Tenure.End reason) {
    tenure.end(reason, () -> free(reason));
  }

  private void free(Tenure.End reason) {
    cursors.forEach(cursor -> cursor.end(reason));
    reads.close();
    database.rocks().releaseSnapshot(sequence);
  }
}
