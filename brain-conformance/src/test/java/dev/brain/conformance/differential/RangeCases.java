// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.compact;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;

import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeRequest.SortOrder;
import dev.brain.proto.etcdserverpb.RangeRequest.SortTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Range: every field at its borders. The store is at revision 13 from row 1 on. */
final class RangeCases {
  private static final int REVISION = 13;

  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    RangeCases cases = new RangeCases();
    cases.data();
    cases.ranges();
    cases.limits();
    cases.revisions();
    cases.sorts();
    cases.filters();
    cases.sizes();
    cases.compacted();
    return cases.rows;
  }

  private void data() {
    rows.add(Case.of("an empty store", all(), range("a"), all()));
    rows.add(
        Case.of(
            "the data",
            grant(7, 3_600),
            put("a", "5"),
            put("b", "4"),
            put("c", "3", p -> p.setLease(7)),
            put("d", "2"),
            put("b", "9"),
            put("e", "1"),
            put("f", "gone"),
            delete("f", ""),
            put("b", "4"),
            put("g\0", ""),
            put("\0", "zero"),
            put("\u00ff\u00ff", "last")));
  }

  private void ranges() {
    row("an empty key", "", "");
    row("an empty key with a range end", "", "b");
    row("an empty key to the end", "", "\0");
    row("one key", "a", "");
    row("a missing key", "x", "");
    row("a deleted key", "f", "");
    row("everything", "\0", "\0");
    row("the key of one zero byte", "\0", "");
    row("all from a key", "c", "\0");
    row("all from after the last key", "\u00ff\u00ff\u00ff", "\0");
    row("a half-open range", "a", "c");
    row("a range end equal to the key", "b", "b");
    row("a range end below the key", "c", "a");
    row("a range end that is the key and a zero byte", "b", "b\0");
    row("a range end of two zero bytes", "\0", "\0\0");
    row("a range end of 0xff", "a", "\u00ff");
    row("a range of deleted keys", "f", "g");
    row("a range without keys", "x", "z");
    row("a key of 10,000 bytes", "k".repeat(10_000), "");
    row("a range end of 10,000 bytes", "a", "z".repeat(10_000));
  }

  private void limits() {
    for (long limit : new long[] {Long.MIN_VALUE, -1, 0, 1, 2, 8, 9, 10, Long.MAX_VALUE}) {
      row("everything with limit " + limit, "\0", "\0", r -> r.setLimit(limit));
      row("one key with limit " + limit, "a", "", r -> r.setLimit(limit));
    }
    row("a limit and count_only", "a", "z", r -> r.setLimit(2).setCountOnly(true));
    row("a limit and keys_only", "a", "z", r -> r.setLimit(2).setKeysOnly(true));
    row("a limit, page 2", "b\0", "z", r -> r.setLimit(2));
    row("a limit in history", "a", "z", r -> r.setLimit(2).setRevision(6));
    row("keys_only", "a", "z", r -> r.setKeysOnly(true));
    row("keys_only of a key with a lease", "c", "", r -> r.setKeysOnly(true));
    row("count_only", "a", "z", r -> r.setCountOnly(true));
    row("count_only of a missing key", "x", "", r -> r.setCountOnly(true));
    row("count_only and keys_only", "a", "z", r -> r.setCountOnly(true).setKeysOnly(true));
    row("count_only in history", "a", "z", r -> r.setCountOnly(true).setRevision(5));
  }

  private void revisions() {
    long[] revisions = {Long.MIN_VALUE, -1, 0, 1, 2, 5, 9, REVISION - 1, REVISION};
    for (long revision : revisions) {
      row("everything at revision " + revision, "\0", "\0", r -> r.setRevision(revision));
      row("one key at revision " + revision, "b", "", r -> r.setRevision(revision));
    }
    for (long revision : new long[] {REVISION + 1, REVISION + 1_000, Long.MAX_VALUE}) {
      row("future revision " + revision, "\0", "\0", r -> r.setRevision(revision));
      row("a missing key at future " + revision, "x", "", r -> r.setRevision(revision));
      row(
          "serializable at future " + revision,
          "a",
          "",
          r -> r.setRevision(revision).setSerializable(true));
      row(
          "count_only at future " + revision,
          "a",
          "z",
          r -> r.setRevision(revision).setCountOnly(true));
    }
    row("serializable", "a", "z", r -> r.setSerializable(true));
    row("serializable in history", "a", "z", r -> r.setSerializable(true).setRevision(4));
    row("a deleted key before its end", "f", "", r -> r.setRevision(8));
    row("a deleted key at its end", "f", "", r -> r.setRevision(9));
    row("an inverted range at a future revision", "c", "a", r -> r.setRevision(REVISION + 1));
  }

  private void sorts() {
    for (int target = 0; target <= 4; target++) {
      for (int order = 0; order <= 2; order++) {
        int by = target;
        int how = order;
        UnaryOperator<RangeRequest.Builder> sorted =
            r -> r.setSortTargetValue(by).setSortOrderValue(how);
        String name = "sort target " + target + " order " + order;
        row(name, "\0", "\0", sorted);
        row(name + " limit 3", "\0", "\0", r -> sorted.apply(r).setLimit(3));
        row(name + " limit 100", "\0", "\0", r -> sorted.apply(r).setLimit(100));
        row(
            name + " keys_only limit 3",
            "a",
            "z",
            r -> sorted.apply(r).setKeysOnly(true).setLimit(3));
      }
    }
  }

  private void filters() {
    for (long revision : new long[] {Long.MIN_VALUE, -1, 1, 2, 6, 10, REVISION, Long.MAX_VALUE}) {
      row("min mod " + revision, "\0", "\0", r -> r.setMinModRevision(revision));
      row("max mod " + revision, "\0", "\0", r -> r.setMaxModRevision(revision));
      row("min create " + revision, "\0", "\0", r -> r.setMinCreateRevision(revision));
      row("max create " + revision, "\0", "\0", r -> r.setMaxCreateRevision(revision));
    }
    row("min mod above max mod", "a", "z", r -> r.setMinModRevision(8).setMaxModRevision(3));
    row("min and max mod equal", "a", "z", r -> r.setMinModRevision(5).setMaxModRevision(5));
    row(
        "all four filters",
        "a",
        "z",
        r ->
            r.setMinModRevision(3)
                .setMaxModRevision(11)
                .setMinCreateRevision(3)
                .setMaxCreateRevision(7));
    row("a filter with limit 1", "a", "z", r -> r.setMinModRevision(4).setLimit(1));
    row("a filter with the exact limit", "a", "z", r -> r.setMinModRevision(7).setLimit(3));
    row("a filter with count_only", "a", "z", r -> r.setMinModRevision(7).setCountOnly(true));
    row("a filter in history", "a", "z", r -> r.setMinModRevision(4).setRevision(6));
    row("a filter that leaves nothing", "a", "z", r -> r.setMinModRevision(1_000).setLimit(1));
    row(
        "the oldest key by create",
        "a",
        "z",
        r ->
            r.setSortTarget(SortTarget.CREATE)
                .setSortOrder(SortOrder.ASCEND)
                .setLimit(1)
                .setMaxCreateRevision(6));
    row(
        "the newest key by create",
        "a",
        "z",
        r ->
            r.setSortTarget(SortTarget.CREATE)
                .setSortOrder(SortOrder.DESCEND)
                .setLimit(1)
                .setMaxCreateRevision(6));
  }

  private void sizes() {
    row("a key of 1.5 MiB", "k".repeat(1_572_864), "");
    row("a message of just under 2 MiB", "k".repeat(2_097_152 - 5), "");
    row("a message of just over 2 MiB", "k".repeat(2_097_152 - 3), "");
    row("a message of 3 MiB", "k".repeat(3 << 20), "");
  }

  private void compacted() {
    rows.add(Case.of("the compaction", compact(9, true)));
    for (long revision : new long[] {Long.MIN_VALUE, -1, 0, 1, 8, 9, 10, REVISION}) {
      row("compacted: everything at " + revision, "\0", "\0", r -> r.setRevision(revision));
      row("compacted: a missing key at " + revision, "x", "", r -> r.setRevision(revision));
      row(
          "compacted: a count at " + revision,
          "a",
          "z",
          r -> r.setRevision(revision).setCountOnly(true));
    }
    row("compacted: an inverted range", "c", "a", r -> r.setRevision(3));
    row("compacted: serializable", "a", "", r -> r.setRevision(3).setSerializable(true));
  }

  private void row(String name, String key, String end) {
    row(name, key, end, r -> r);
  }

  private void row(String name, String key, String end, UnaryOperator<RangeRequest.Builder> with) {
    rows.add(Case.of(name, range(key, end, with)));
  }
}
