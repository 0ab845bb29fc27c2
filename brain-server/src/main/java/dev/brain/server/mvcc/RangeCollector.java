// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes an answer of the live keys of a range: filters, sorts and cuts. For one thread. */
final class RangeCollector implements RowVisitor {
  /*
   * The order of steps is etcd's, and visible to clients: rows are fetched up to limit + 1, unless a sort
   * order or a filter is given, then all are; filters; sorts, where a target other than the key means
   * ascending if no order is given; cuts to the limit. So with a target but no order the limit is applied
   * before the sort. The count is of all live keys, whatever was filtered and cut: those that were visited
   * and the rest.
   */

  private final RangeQuery query;
  private final ReadMeter meter;
  private final long wanted;
  private final List<KeyValue> found = new ArrayList<>();
  private long count;
  private boolean tooLarge;

  RangeCollector(RangeQuery query) {
    this(query, ReadMeter.UNLIMITED);
  }

  /**
   * Makes a collector.
   *
   * @param meter asked for each row that is kept
   */
  RangeCollector(RangeQuery query, ReadMeter meter) {
    this.query = query;
    this.meter = meter;
    boolean keyOrder =
        query.order() == RangeQuery.Order.NONE
            || (query.order() == RangeQuery.Order.ASCEND
                && query.target() == RangeQuery.Target.KEY);
    if (query.countOnly()) {
      wanted = 0;
    } else if (query.limit() > 0
        && query.limit() < Long.MAX_VALUE
        && keyOrder
        && query.filter().isNone()) {
      wanted = query.limit() + 1;
    } else {
      wanted = Long.MAX_VALUE;
    }
  }

  @Override
  public boolean wantsMore() {
    return !tooLarge && wantsRow();
  }

  /** Whether the meter has ended the visit: there is no answer. */
  boolean isTooLarge() {
    return tooLarge;
  }

  private boolean wantsRow() {
    return found.size() < wanted;
  }

  /** The part of the range that is not visited because nothing in it is wanted; may be empty. */
  KeyRange rest() {
    KeyRange range = query.range();
    if (wanted == 0) {
      return range;
    }
    byte[] start = wantsRow() ? range.start() : KeyRange.successor(found.getLast().key().bytes());
    return new KeyRange(start, wantsRow() ? start : range.end());
  }

  /** Takes note of the number of keys in the rest. */
  void counted(long keys) {
    count += keys;
  }

  @Override
  public void row(Key key, Row row) {
    count++;
    if (wantsRow() && query.filter().accepts(row)) {
      found.add(new KeyValue(key, row));
      int rowBytes = row.bytes().length - (query.keysOnly() ? row.valueLength() : 0);
      tooLarge = !meter.take(key.bytes().length + (long) rowBytes);
    }
  }

  /** The answer, once everything was visited. */
  RangeResult result(long headerRevision) {
    sort();
    long limit = query.limit();
    boolean more = limit > 0 && found.size() > limit;
    List<KeyValue> kept = more ? found.subList(0, (int) limit) : found;
    if (query.keysOnly()) {
      kept = kept.stream().map(kv -> new KeyValue(kv.key(), kv.row().withoutValue())).toList();
    }
    return new RangeResult(headerRevision, kept, more, count);
  }

  private void sort() {
    RangeQuery.Order order = query.order();
    if (order == RangeQuery.Order.NONE && query.target() == RangeQuery.Target.KEY) {
      return;
    }
    Comparator<KeyValue> comparator =
        switch (query.target()) {
          case KEY -> Comparator.comparing(KeyValue::key);
          case VERSION -> Comparator.comparingLong(kv -> kv.row().version());
          case CREATE -> Comparator.comparingLong(kv -> kv.row().createRevision());
          case MOD -> Comparator.comparingLong(kv -> kv.row().modRevision());
          case VALUE -> (a, b) -> a.row().compareValue(b.row());
        };
    found.sort(order == RangeQuery.Order.DESCEND ? comparator.reversed() : comparator);
  }
}
