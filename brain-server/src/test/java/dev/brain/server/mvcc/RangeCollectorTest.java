// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeQuery.Order;
import dev.brain.server.kv.RangeQuery.Target;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.kv.Row;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The order of filter, sort and limit, on keys a to d with mod revisions 40, 10, 30, 20. */
final class RangeCollectorTest {
  private static RangeQuery query(long limit, Order order, Target target, RevisionFilter filter) {
    return new RangeQuery(KeyRange.all(), limit, 0, order, target, false, false, false, filter);
  }

  private static RangeQuery sorted(long limit, Order order, Target target) {
    return query(limit, order, target, RevisionFilter.NONE);
  }

  private static RangeResult collect(RangeQuery query) {
    RangeCollector collector = new RangeCollector(query);
    long[] mods = {40, 10, 30, 20};
    for (int i = 0; i < mods.length; i++) {
      String name = "abcd".substring(i, i + 1);
      if (collector.wantsMore()) {
        collector.row(StoreFixture.key(name), Row.live(5, mods[i], 1, 0, StoreFixture.bytes(name)));
      } else {
        assertThat(collector.rest().contains(StoreFixture.bytes(name))).isTrue();
        collector.counted(1);
      }
    }
    return collector.result(50);
  }

  private static String keys(RangeResult result) {
    return result.keyValues().stream()
        .map(kv -> new String(kv.key().bytes(), StandardCharsets.UTF_8))
        .collect(Collectors.joining());
  }

  private static void assertKeys(RangeQuery query, String keys, boolean more) {
    RangeResult result = collect(query);
    assertThat(keys(result)).isEqualTo(keys);
    assertThat(result.more()).isEqualTo(more);
    assertThat(result.count()).isEqualTo(4);
    assertThat(result.revision()).isEqualTo(50);
  }

  @Test
  void limit_inKeyOrder() {
    assertKeys(sorted(0, Order.NONE, Target.KEY), "abcd", false);
    assertKeys(sorted(-1, Order.NONE, Target.KEY), "abcd", false);
    assertKeys(sorted(3, Order.NONE, Target.KEY), "abc", true);
    assertKeys(sorted(4, Order.ASCEND, Target.KEY), "abcd", false);
    assertKeys(sorted(Long.MAX_VALUE, Order.NONE, Target.KEY), "abcd", false);
    assertKeys(sorted(1L << 32, Order.NONE, Target.KEY), "abcd", false);
  }

  @Test
  void limit_onlyReadsOneRowMore() {
    RangeCollector collector = new RangeCollector(sorted(1, Order.NONE, Target.KEY));
    Row row = Row.live(5, 5, 1, 0, new byte[0]);
    collector.row(StoreFixture.key("a"), row);
    assertThat(collector.wantsMore()).isTrue();
    collector.row(StoreFixture.key("b"), row);
    assertThat(collector.wantsMore()).isFalse();
  }

  @Test
  void sort_withAnOrder_isBeforeTheLimit() {
    assertKeys(sorted(2, Order.ASCEND, Target.MOD), "bd", true);
    assertKeys(sorted(2, Order.DESCEND, Target.MOD), "ac", true);
    assertKeys(sorted(2, Order.DESCEND, Target.KEY), "dc", true);
    assertKeys(sorted(0, Order.DESCEND, Target.VALUE), "dcba", false);
  }

  @Test
  void sort_withATargetOnly_isBehindTheFetchOfLimitPlusOne() {
    assertKeys(sorted(2, Order.NONE, Target.MOD), "bc", true);
    assertKeys(sorted(0, Order.NONE, Target.MOD), "bdca", false);
  }

  @Test
  void filter_doesNotChangeTheCount_andIsBeforeTheLimit() {
    RevisionFilter mods = new RevisionFilter(20, 30, 0, 0);
    assertKeys(query(0, Order.NONE, Target.KEY, mods), "cd", false);
    assertKeys(query(1, Order.NONE, Target.KEY, mods), "c", true);
    assertKeys(query(2, Order.NONE, Target.KEY, mods), "cd", false);
    assertKeys(query(0, Order.NONE, Target.KEY, new RevisionFilter(0, 0, 6, 0)), "", false);
    assertKeys(query(0, Order.NONE, Target.KEY, new RevisionFilter(0, 0, 5, 5)), "abcd", false);
  }

  @Test
  void countOnly_wantsNoRow() {
    RangeResult result = collect(StoreFixture.count());
    assertThat(result).isEqualTo(new RangeResult(50, java.util.List.of(), false, 4));
  }
}
