// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Space;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A walk with one RocksDB iterator, which is bounded by the range on both sides. */
final class RocksCursor implements Cursor {
  /** From how many expected entries on it pays to read ahead from the first block. */
  private static final int MANY = 1_000;

  private static final long READ_AHEAD_BYTES = 256 << 10;

  /** Where the walk is. */
  private enum Place {
    BEFORE,
    AT,
    BEHIND
  }

  private final Tenure tenure = new Tenure("the cursor");
  private final RocksSnapshot snapshot;
  private final Database database;
  private final boolean reverse;
  private final Slice lower;
  private final @Nullable Slice upper;
  private final ReadOptions reads;
  private final RocksIterator iterator;
  private Place place;

  /** Why the walk cannot go on, so that it never looks like an end. */
  private @Nullable EngineException failure;

  RocksCursor(
      RocksSnapshot snapshot,
      Database database,
      org.rocksdb.Snapshot sequence,
      Space space,
      KeyRange range,
      ScanOptions options) {
    this.snapshot = snapshot;
    this.database = database;
    reverse = options.reverse();
    place = range.isEmpty() ? Place.BEHIND : Place.BEFORE;
    byte[] end = range.end();
    lower = new Slice(range.start());
    upper = end == null || range.isEmpty() ? null : new Slice(end);
    reads = new ReadOptions().setSnapshot(sequence).setIterateLowerBound(lower);
    if (upper != null) {
      reads.setIterateUpperBound(upper);
    }
    if (options.expected() >= MANY) {
      reads.setReadaheadSize(READ_AHEAD_BYTES);
    }
    iterator = database.rocks().newIterator(database.handle(space), reads);
  }

  @Override
  public boolean next() {
    long stamp = tenure.enter();
    try {
      if (failure != null) {
        throw failure;
      }
      switch (place) {
        case BEFORE -> first();
        case AT -> step();
        case BEHIND -> {
          return false;
        }
      }
      if (iterator.isValid()) {
        place = Place.AT;
        return true;
      }
      iterator.status(); // an iterator that meets damage just becomes invalid
      place = Place.BEHIND;
      return false;
    } catch (RocksDBException e) {
      failure = database.failure("scan", e);
      throw failure;
    } finally {
      tenure.exit(stamp);
    }
  }

  private void first() {
    if (reverse) {
      iterator.seekToLast();
    } else {
      iterator.seekToFirst();
    }
  }

  private void step() {
    if (reverse) {
      iterator.prev();
    } else {
      iterator.next();
    }
  }

  @Override
  public byte[] key() {
    long stamp = enterAtEntry();
    try {
      return iterator.key();
    } finally {
      tenure.exit(stamp);
    }
  }

  @Override
  public byte[] value() {
    long stamp = enterAtEntry();
    try {
      return iterator.value();
    } finally {
      tenure.exit(stamp);
    }
  }

  @Override
  public int value(byte[] target) {
    long stamp = enterAtEntry();
    try {
      return iterator.value(target);
    } finally {
      tenure.exit(stamp);
    }
  }

  private long enterAtEntry() {
    long stamp = tenure.enter();
    if (place != Place.AT || failure != null) {
      tenure.exit(stamp);
      throw new IllegalStateException("the cursor is at no entry");
    }
    return stamp;
  }

  @Override
  public void close() {
    end(Tenure.End.CLOSED);
    snapshot.forget(this);
  }

  /** Ends this cursor as soon as no call runs in it. */
  void end(Tenure.End reason) {
    tenure.end(reason, this::free);
  }

  /**
   * As {@link #end(Tenure.End)}, or returns false if a call still ran after so many nanoseconds.
   */
  boolean end(Tenure.End reason, long patience) {
    return tenure.end(reason, patience, this::free);
  }

  private void free() {
    iterator.close();
    reads.close();
    lower.close();
    if (upper != null) {
      upper.close();
    }
  }
}
