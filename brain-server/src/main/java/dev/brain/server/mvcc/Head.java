// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of one key, as the sequencer has decided it.
 *
 * <p>Thread-safe: the row is one volatile reference, changed under the head's monitor; the pins are
 * one atomic number. A head is made with one pin, and given up for good once it has none.
 */
final class Head {
  /** A row, or the knowledge that there is none. */
  private record Known(@Nullable Row row) {}

  private static final Known ABSENT = new Known(null);

  /** Stands for the number of pins of a head that was given up. */
  private static final int GIVEN_UP = -1;

  private final Key key;
  private volatile @Nullable Known known;
  private final AtomicInteger pins = new AtomicInteger(1);
  private volatile boolean used = true;
  private volatile boolean stored;

  Head(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  /** Whether {@link #row} may be asked. */
  boolean isKnown() {
    return known != null;
  }

  /** The newest version, a tombstone included; null if the engine has no row. Must be known. */
  @Nullable Row row() {
    used = true;
    Known state = known;
    if (state == null) {
      throw new IllegalStateException("head is not loaded");
    }
    return state.row();
  }

  /**
   * The newest version if it is known and its key exists; null for tombstones too. Must be known.
   */
  @Nullable Row live() {
    Row row = row();
    return row == null || row.isTombstone() ? null : row;
  }

  /** Pins this head once more; false if it was given up. */
  boolean tryPin() {
    int now = pins.get();
    while (now != GIVEN_UP) {
      int found = pins.compareAndExchange(now, now + 1);
      if (found == now) {
        return true;
      }
      now = found;
    }
    return false;
  }

  /** Gives back one pin. */
  void unpin() {
    pins.decrementAndGet();
  }

  /** Gives this head up for good; false if it is pinned, or was given up before. */
  boolean tryGiveUp() {
    return pins.compareAndSet(0, GIVEN_UP);
  }

  /** Whether the engine had a row when this was loaded. */
  boolean isWorthKeeping() {
    return stored;
  }

  /**
   * Loads unless known.
   *
   * @param source gives the row of the engine, or null if it has none
   * @return the bytes of the row; 0 if there is none, or this was known
   */
  int load(Supplier<@Nullable Row> source) {
    if (known != null) {
      return 0;
    }
    synchronized (this) {
      if (known != null) {
        return 0;
      }
      Row row = source.get();
      stored = row != null;
      known = row == null ? ABSENT : new Known(row);
      return rowBytes();
    }
  }

  /** Sets the newest version; returns by how many bytes this head grew. */
  synchronized int assign(@Nullable Row row) {
    int before = rowBytes();
    known = row == null ? ABSENT : new Known(row);
    return rowBytes() - before;
  }

  int rowBytes() {
    Known state = known;
    Row row = state == null ? null : state.row();
    return row == null ? 0 : row.bytes().length;
  }

  /** Whether this head was used since the last call. */
  boolean takeSecondChance() {
    boolean wasUsed = used;
    used = false;
    return wasUsed;
  }
}
