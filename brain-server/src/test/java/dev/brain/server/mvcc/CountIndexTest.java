// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Row;
import dev.brain.server.mvcc.CountIndex.Counted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an index knows after it was told of counts and of changes. */
final class CountIndexTest {
  /** Partitions of 4 keys that know 4 steps, blocks of 4 that know 8, 6 recent changes. */
  private static final CountBounds SMALL = new CountBounds(1 << 20, 4, 4, 4, 8, 6);

  private static final Answer NOBODY =
      new Answer() {
        @Override
        public void visible() {}

        @Override
        public void failed(Failure failure) {}
      };

  private final CountIndex index = new CountIndex(10, SMALL);

  private static Row live(long revision) {
    return Row.live(revision, revision, 1, 0, new byte[0]);
  }

  /** A revision that changes one key. */
  static List<Pending> change(long revision, String key, @Nullable Row before, Row after) {
    Change change = new Change(new Head(key(key)), before, after);
    return List.of(Pending.revision(revision, List.of(change), batch -> {}, Effect.NONE, NOBODY));
  }

  static List<Pending> create(long revision, String key) {
    return change(revision, key, null, live(revision));
  }

  private static List<Pending> delete(long revision, String key) {
    return change(revision, key, live(2), Row.tombstone(revision));
  }

  private static KeyRange range(String start, @Nullable String end) {
    return new KeyRange(bytes(start), end == null ? null : bytes(end));
  }

  /** Learns a range in parts that begin with its letters, each with so many keys. */
  private static boolean learn(CountIndex index, long revision, KeyRange range, Object... parts) {
    List<Counted> counted = new ArrayList<>();
    for (int i = 0; i < parts.length; i += 2) {
      counted.add(new Counted(bytes((String) parts[i]), (Integer) parts[i + 1]));
    }
    return index.learn(revision, range, counted);
  }

  /** The count if all is known, else where the first gap is. */
  private static String sum(CountIndex index, KeyRange range, long revision) {
    CountIndex.Sum sum = index.sum(range, revision);
    CountIndex.Gap gap = sum.gap();
    if (gap == null) {
      return Long.toString(sum.count());
    }
    byte[] end = gap.range().end();
    return sum.count()
        + " "
        + new String(gap.range().start(), StandardCharsets.UTF_8)
        + "-"
        + (end == null ? "" : new String(end, StandardCharsets.UTF_8))
        + (gap.partitionKeys() == 0 ? "" : " learn");
  }

  private String sum(String start, @Nullable String end, long revision) {
    return sum(index, range(start, end), revision);
  }

  @Test
  void sum_nothingKnown_isOneGap() {
    assertThat(sum("", null, 10)).isEqualTo("0 - learn");
    assertThat(sum("a", "x", 10)).isEqualTo("0 a-x learn");
  }

  @Test
  void sum_ofWhatWasLearned_andOnlyThere() {
    learn(index, 10, range("b", "y"), "b", 3, "d", 4, "f", 2);
    assertThat(sum("b", "y", 10)).isEqualTo("9");
    assertThat(sum("b", "f", 10)).isEqualTo("7");
    assertThat(sum("d", "z", 10)).isEqualTo("6 y-z learn");
    assertThat(sum("a", "y", 10)).isEqualTo("0 a-b learn");
    assertThat(sum("b", "e", 10)).isEqualTo("3 d-e");
    assertThat(sum("c", "y", 10)).isEqualTo("0 c-d");
    assertThat(sum("b", "y", 9)).isEqualTo("0 b-y");
  }

  @Test
  void sum_atEachRevision() {
    learn(index, 10, range("", null), "", 3, "m", 4);
    index.apply(create(11, "a"));
    index.apply(change(12, "a", live(11), live(12)));
    index.apply(delete(13, "m"));
    index.apply(change(14, "q", Row.tombstone(4), live(14)));
    assertThat(List.of(10L, 11L, 12L, 13L, 14L).stream().map(at -> sum("", null, at)))
        .containsExactly("7", "8", "8", "7", "8");
    assertThat(sum("m", null, 13)).isEqualTo("3");
  }

  @Test
  void sum_ofAnOldRevision_isForgottenPartitionByPartition() {
    learn(index, 10, range("", null), "", 3, "m", 4);
    for (long revision = 11; revision < 20; revision++) {
      index.apply(create(revision, "a" + revision));
    }
    assertThat(sum("", null, 19)).isEqualTo("16");
    assertThat(sum("", null, 10)).isEqualTo("0 -m learn");
    assertThat(sum("m", null, 10)).isEqualTo("4");
  }

  @Test
  void learn_addsWhatChangedMeanwhile() {
    index.apply(create(11, "b"));
    index.apply(create(12, "m"));
    index.apply(delete(13, "c"));
    index.apply(create(14, "x"));
    assertThat(learn(index, 11, range("b", "n"), "b", 3, "m", 0)).isTrue();
    assertThat(sum("b", "n", 11)).isEqualTo("3");
    assertThat(sum("b", "n", 12)).isEqualTo("4");
    assertThat(sum("b", "n", 14)).isEqualTo("3");
    assertThat(sum("b", "m", 14)).isEqualTo("2");
    assertThat(sum("m", "n", 14)).isEqualTo("1");
  }

  @Test
  void learn_tooMuchChangedMeanwhile_isRefused() {
    for (long revision = 11; revision <= 17; revision++) {
      index.apply(create(revision, "k" + revision));
    }
    assertThat(learn(index, 10, range("", null), "", 0)).isFalse();
    assertThat(sum("", null, 17)).isEqualTo("0 - learn");
    assertThat(learn(index, 11, range("", null), "", 1)).isTrue();
    assertThat(sum("", null, 17)).isEqualTo("7");
  }

  @Test
  void learn_whatIsKnown_isLeftAsItIs() {
    learn(index, 10, range("b", "y"), "b", 3, "d", 4);
    assertThat(learn(index, 10, range("a", "c"), "a", 9)).isTrue();
    assertThat(sum("b", "y", 10)).isEqualTo("7");
  }

  @Test
  void partitionThatHasGrown_isReadAndLearnedAgain() {
    learn(index, 10, range("", null), "", 7);
    assertThat(sum("m", null, 10)).isEqualTo("0 m-");
    index.apply(create(11, "a"));
    index.apply(create(12, "b"));
    assertThat(sum("m", null, 12)).isEqualTo("0 m- learn");
    learn(index, 12, range("m", null), "m", 4, "p", 2);
    assertThat(sum("m", null, 12)).isEqualTo("6");
    assertThat(sum("", null, 12)).isEqualTo("0 -m learn");
  }

  @Test
  void partitionsThatHaveBecomeEmpty_areJoined() {
    learn(index, 10, range("", null), "", 1, "m", 2);
    index.apply(delete(11, "n"));
    assertThat(sum("", null, 11)).isEqualTo("2");
    assertThat(sum("m", null, 11)).isEqualTo("0 m-");
    assertThat(sum("", null, 10)).as("the sum of the block goes back further").isEqualTo("3");
  }

  @Test
  void memory_isBounded_andCountsStayKnown() {
    long most = 20_000;
    CountIndex small = new CountIndex(10, new CountBounds(most, 4, 4, 8, 8, 100_000));
    List<Counted> counted = new ArrayList<>();
    for (int part = 0; part < 10_000; part++) {
      String start = part == 0 ? "" : "k%05d".formatted(part);
      counted.add(new Counted(bytes(start), 4));
      if (counted.size() == 50) {
        byte[] end = part == 9_999 ? null : bytes("k%05d".formatted(part + 1));
        small.learn(10, new KeyRange(counted.getFirst().start(), end), counted);
        counted = new ArrayList<>();
        assertThat(small.bytes()).isLessThanOrEqualTo(most);
      }
    }
    assertThat(sum(small, KeyRange.all(), 10)).isEqualTo("40000");
    for (int i = 0; i < 10_000; i++) {
      small.apply(create(11 + i, "k%05d-".formatted(i)));
      assertThat(small.bytes()).isLessThanOrEqualTo(most);
    }
    assertThat(sum(small, KeyRange.all(), 10_010)).isEqualTo("50000");
  }

  @Test
  void sum_ofVeryManyPartitions_isTakenInPortions() {
    int parts = 40_000;
    CountIndex large = new CountIndex(10, new CountBounds(1L << 30, 1, 2, 4, 2, 0));
    List<Counted> counted = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      counted.add(new Counted(bytes("k%05d".formatted(part)), 1));
    }
    large.learn(10, range("k00000", "l"), counted);
    byte[] from = bytes("k00000");
    long sum = 0;
    int portions = 0;
    while (from != null) {
      CountIndex.Sum portion = large.sum(new KeyRange(from, bytes("l")), 10);
      sum += portion.count();
      portions++;
      CountIndex.Gap gap = portion.gap();
      assertThat(gap == null || gap.range().isEmpty()).isTrue();
      from = gap == null ? null : gap.range().end();
    }
    assertThat(sum).isEqualTo(parts);
    assertThat(portions).isGreaterThan(1);
  }

  @Test
  void memory_atTheBound_makesLaterPartitionsLarger() {
    CountIndex small = new CountIndex(10, new CountBounds(4_000, 4, 4, 8, 8, 100));
    List<Counted> counted = new ArrayList<>();
    for (int part = 0; part < 200; part++) {
      counted.add(new Counted(bytes("k%05d".formatted(part)), 4));
    }
    small.learn(10, new KeyRange(bytes("k00000"), bytes("l")), counted);
    CountIndex.Gap coarse = small.sum(range("m", "n"), 10).gap();
    assertThat(coarse).isNotNull();
    assertThat(coarse.partitionKeys()).isGreaterThan(4);
  }
}
