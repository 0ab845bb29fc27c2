// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * All keys, and the latest time at which anything was read. Guarded by the cluster.
 *
 * <p>TiKV keeps that time ({@code max_ts}) in each store and brings it up to date before a store
 * leads a region; one for all stores is at least as late. A commit in one phase takes effect after
 * it, so that no read that was answered would have had to see it.
 */
final class Rows {
  private final NavigableMap<ByteString, Row> rows =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private final TimestampOracle oracle;
  private long maxTs;

  Rows(TimestampOracle oracle) {
    this.oracle = oracle;
  }

  @Nullable Row find(ByteString key) {
    return rows.get(key);
  }

  Row at(ByteString key) {
    return rows.computeIfAbsent(key, absent -> new Row());
  }

  /** Rows from {@code start} to before {@code end}; an empty end has none behind it. */
  NavigableMap<ByteString, Row> range(ByteString start, ByteString end) {
    if (end.isEmpty()) {
      return rows.tailMap(start, true);
    }
    boolean nothing = rows.comparator().compare(start, end) >= 0;
    return rows.subMap(nothing ? end : start, true, end, false);
  }

  long maxTs() {
    return maxTs;
  }

  /** Nothing will be committed in one phase at or before the timestamp from now on. */
  void raiseMaxTs(long timestamp) {
    if (timestamp == Timestamps.MAX) {
      return;
    }
    if (oracle.isFuture(timestamp)) {
      throw KeyFailure.abort(
          "timestamp "
              + Long.toUnsignedString(timestamp)
              + " lies in the future: max_ts not raised");
    }
    maxTs = Timestamps.latest(maxTs, timestamp);
  }

  void collect(long safePoint) {
    rows.values().removeIf(row -> row.collect(safePoint));
  }
}
