// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes an answer of the live keys of a range: filters, sorts, cuts and counts. For one thread. */
final class RangeCollector implements RowVisitor {
  /*
   * The order of steps is etcd's, and visible to clients: rows are fetched up to limit + 1, unless a sort
   * order or a filter is given, then all are; filters; sorts, where a target other than the key means
   * ascending if no order is given; cuts to the limit. So with a target but no order the limit is applied
   * before the sort. The count is of all live keys, whatever was filtered and cut.
   */

  private final RangeQuery query;
  private final ReadMeter meter;
  private final boolean counting;
  private final long wanted;
  private final List<KeyValue> found = new ArrayList<>();
  private long count;
  private boolean tooLarge;

  RangeCollector(RangeQuery query) {
    this(query, ReadMeter.UNLIMITED, true);
  }

  /**
   * Makes a collector.
   *
   * @param meter asked for each row that is kept
   * @param counting whether rows that are not wanted are counted; else the visit ends there
   */
  RangeCollector(RangeQuery query, ReadMeter meter, boolean counting) {
    this.query = query;
    this.meter = meter;
    this.counting = counting;
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
    return !tooLarge && (counting || wantsRow());
  }

  /** Whether the meter has ended the visit: there is no answer. */
  boolean isTooLarge() {
    return tooLarge;
  }

  @Override
  public boolean wantsRow() {
    return found.size() < wanted;
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

  @Override
  public void counted() {
    count++;
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
