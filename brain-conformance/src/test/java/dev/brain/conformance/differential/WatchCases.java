// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.compact;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.revoke;
import static dev.brain.conformance.client.Requests.txn;
import static dev.brain.conformance.client.Txns.then;

import dev.brain.conformance.client.Txns;
import dev.brain.proto.etcdserverpb.WatchCreateRequest.FilterType;
import dev.brain.proto.etcdserverpb.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Watch: creation, ids, history, filters, prev_kv, progress, cancellation, compaction. */
final class WatchCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    WatchCases cases = new WatchCases();
    cases.ranges();
    cases.ids();
    cases.history();
    cases.options();
    cases.progress();
    cases.streams();
    cases.compaction();
    return cases.rows;
  }

  private void ranges() {
    rows.add(
        Case.of(
            "the history", // up to revision 8
            put("a", "1"),
            put("a", "2"),
            put("b", "1"),
            delete("a", ""),
            put("a", "3"),
            txn(then(Txns.put("b", "2"), Txns.put("a", "4"), Txns.delete("c", ""))),
            delete("a", "c")));
    String[][] ranges = {
      {"", ""},
      {"", "\0"},
      {"", "b"},
      {"\0", "\0"},
      {"\0", ""},
      {"a", ""},
      {"a", "b"},
      {"a", "\0"},
      {"b", "b"},
      {"b", "a"},
      {"a", "a\0"},
      {"x", ""},
      {"\u00ff", "\0"},
      {"b", "\0\0"}
    };
    for (String[] range : ranges) {
      String name = "'" + range[0] + "' to '" + range[1] + "'";
      script(
          "live " + name,
          new WatchScript()
              .create(range[0], range[1], w -> w)
              .call(put("a", "x"))
              .call(txn(then(Txns.delete("a", ""), Txns.put("b", "y"), Txns.put("\0", "z")))));
      script(
          "history " + name,
          new WatchScript().create(range[0], range[1], w -> w.setStartRevision(2)));
    }
  }

  private void ids() {
    script(
        "ids count from 0",
        new WatchScript().create("a").create("b").create("c").call(put("b", "1")));
    for (long id : new long[] {Long.MIN_VALUE, -2, 1, 5, Long.MAX_VALUE}) {
      script(
          "explicit id " + id,
          create(new WatchScript(), id)
              .create("a")
              .create("a")
              .call(put("a", "1"))
              .awaitEvents(3)
              .cancel(id));
    }
    script("a used explicit id", create(create(new WatchScript(), 3), 3).call(put("a", "1")));
    script(
        "an explicit id that the counter has given",
        create(new WatchScript().create("a").create("a"), 1).create("a"));
    script(
        "the counter skips used ids",
        create(create(new WatchScript(), 1), 2).create("a").create("a").create("a"));
    script(
        "an id again after its cancel",
        create(create(new WatchScript(), 4).cancel(4), 4).call(put("a", "2")));
    script(
        "the counter after a cancel",
        new WatchScript().create("a").create("a").cancel(1).create("a").cancel(0).create("a"));
    script("a refused watch uses no id", new WatchScript().create("b", "a", w -> w).create("a"));
    script(
        "a refused explicit id is free",
        create(new WatchScript().create("b", "a", w -> w.setWatchId(6)), 6));
    script(
        "cancel twice",
        new WatchScript().create("a").create("b").cancel(0).cancelUnknown(0).call(put("b", "1")));
    script(
        "cancel of an unknown id",
        new WatchScript()
            .cancelUnknown(9)
            .cancelUnknown(-1)
            .cancelUnknown(Long.MIN_VALUE)
            .create("a"));
    script(
        "events after a cancel",
        new WatchScript().create("a").create("a").cancel(0).call(put("a", "after")));
  }

  private void history() {
    for (long start : new long[] {Long.MIN_VALUE, -1, 0, 1, 2, 3, 5, 7, 8, 9}) {
      script(
          "start " + start,
          new WatchScript()
              .create("a", "c", w -> w.setStartRevision(start))
              .call(put("a", "s" + start)));
      script(
          "start " + start + " with prev_kv",
          new WatchScript()
              .create("a", "c", w -> w.setStartRevision(start).setPrevKv(true))
              .call(put("a", "s" + start)));
    }
    for (long start : new long[] {10_000, Long.MAX_VALUE}) {
      script(
          "future " + start,
          new WatchScript()
              .create("a", "c", w -> w.setStartRevision(start))
              .call(put("a", "f" + start))
              .call(delete("a", "")));
    }
    script(
        "start at the deletion",
        new WatchScript().create("a", "", w -> w.setStartRevision(8).setPrevKv(true)));
    script(
        "a watch of a txn",
        new WatchScript()
            .create("\0", "\0", w -> w)
            .call(
                txn(
                    then(
                        Txns.put("c", "1"),
                        Txns.put("a", "1"),
                        Txns.delete("b", ""),
                        Txns.put("d", "1")))));
    script(
        "a watch of a txn that changes nothing",
        new WatchScript()
            .create("\0", "\0", w -> w)
            .call(txn(then(Txns.get("c"), Txns.delete("none", "")))));
    script(
        "a range delete in key order",
        new WatchScript().create("\0", "\0", w -> w.setPrevKv(true)).call(delete("\0", "\0")));
    script(
        "a put of the same value",
        new WatchScript().create("a").call(put("a", "=")).call(put("a", "=")));
    script(
        "a near future",
        new WatchScript()
            .create("n", "", w -> w.setStartRevision(1_000))
            .call(put("n", "1"))
            .progress());
    script(
        "a revoked lease",
        new WatchScript()
            .create("l", "m", w -> w.setPrevKv(true))
            .call(grant(9, 3_600))
            .call(put("l2", "2", p -> p.setLease(9)))
            .call(put("l1", "1", p -> p.setLease(9)))
            .call(revoke(9)));
  }

  private void options() {
    FilterType[][] filters = {
      {FilterType.NOPUT},
      {FilterType.NODELETE},
      {FilterType.NOPUT, FilterType.NODELETE},
      {FilterType.NOPUT, FilterType.NOPUT}
    };
    for (FilterType[] filter : filters) {
      UnaryOperator<dev.brain.proto.etcdserverpb.WatchCreateRequest.Builder> with =
          w -> w.addAllFilters(List.of(filter));
      script(
          "filter " + List.of(filter),
          new WatchScript()
              .create("a", "c", with)
              .call(put("a", "1"))
              .call(delete("a", ""))
              .call(txn(then(Txns.put("a", "1"), Txns.delete("b", "")))));
      script(
          "filter in history " + List.of(filter),
          new WatchScript()
              .create("a", "c", w -> with.apply(w).setStartRevision(2).setPrevKv(true)));
    }
    script(
        "filter 9",
        new WatchScript().create("a", "", w -> w.addFiltersValue(9)).call(put("a", "1")));
    script(
        "prev_kv of a create, an update and a delete",
        new WatchScript()
            .create("p", "", w -> w.setPrevKv(true))
            .call(put("p", "1"))
            .call(put("p", "2"))
            .call(delete("p", ""))
            .call(put("p", "3")));
    script(
        "fragment of small events",
        new WatchScript().create("a", "", w -> w.setFragment(true)).call(put("a", "1")));
    script(
        "fragment of 3 MB in history",
        new WatchScript()
            .call(put("big", "1".repeat(1_000_000)))
            .call(put("big", "2".repeat(1_000_000)))
            .call(put("big", "3".repeat(1_000_000)))
            .create("big", "", w -> w.setFragment(true).setStartRevision(10))
            .awaitEvents(3));
    script(
        "no fragment of 3 MB in history",
        new WatchScript().create("big", "", w -> w.setStartRevision(10)).awaitEvents(3));
    script(
        "large events with prev_kv",
        new WatchScript()
            .create("big", "", w -> w.setStartRevision(10).setPrevKv(true).setFragment(true))
            .awaitEvents(3));
    script(
        "progress_notify",
        new WatchScript().create("a", "", w -> w.setProgressNotify(true)).call(put("a", "1")));
    script(
        "hasleader", new WatchScript().header("hasleader", "true").create("a").call(put("a", "1")));
  }

  private void progress() {
    script("progress of no watch", new WatchScript().progress().quiet().create("a"));
    script("progress of one watch", new WatchScript().create("a").progress().quiet());
    script(
        "progress after events",
        new WatchScript()
            .create("a")
            .call(put("a", "1"))
            .quiet()
            .progress()
            .quiet()
            .call(put("b", "1"))
            .progress()
            .quiet());
    script(
        "progress of two watches",
        new WatchScript().create("a").create("b").quiet().progress().quiet());
    script(
        "progress with a future watch",
        new WatchScript()
            .create("a")
            .create("b", "", w -> w.setStartRevision(1_000_000))
            .quiet()
            .progress()
            .quiet());
    script(
        "progress after the future watch is cancelled",
        new WatchScript()
            .create("a")
            .create("b", "", w -> w.setStartRevision(1_000_000))
            .cancel(1)
            .progress()
            .quiet());
    script(
        "progress of a stream whose watch is cancelled",
        new WatchScript().create("a").cancel(0).progress().quiet());
    script(
        "progress after a refused watch",
        new WatchScript().create("b", "a", w -> w).progress().quiet());
    script(
        "progress without metadata for another stream",
        new WatchScript().header("source", "cache").create("a").quiet().progress().quiet());
  }

  private void streams() {
    script(
        "an empty request",
        new WatchScript().send(WatchRequest.getDefaultInstance()).create("a").call(put("a", "1")));
    script(
        "a half-closed stream goes on",
        new WatchScript().create("a").halfClose().call(put("a", "1")).call(put("a", "2")).quiet());
    script("a stream half-closed before any watch", new WatchScript().halfClose().quiet());
    WatchScript many = new WatchScript();
    for (int i = 0; i < 200; i++) {
      many.create("a", "", w -> w.setStartRevision(2));
    }
    script("200 watches", many);
    script("a key of 1 MB", new WatchScript().create("k".repeat(1_000_000), "", w -> w));
    script(
        "a request of 2 MiB", new WatchScript().create("k".repeat(2_097_152), "", w -> w).quiet());
  }

  private void compaction() {
    rows.add(Case.of("a compaction", compact(7, true)));
    for (long start : new long[] {1, 6, 7, 8}) {
      script(
          "compacted: start " + start,
          new WatchScript().create("a", "", w -> w.setStartRevision(start)).quiet());
      script(
          "compacted: start " + start + " with prev_kv",
          new WatchScript()
              .create("\0", "\0", w -> w.setStartRevision(start).setPrevKv(true))
              .quiet());
    }
    script(
        "a compacted watch, then a cancel",
        new WatchScript()
            .create("a", "", w -> w.setStartRevision(2))
            .quiet()
            .send(cancelOf(0))
            .quiet()
            .create("a"));
    script(
        "a compacted watch does not disturb others",
        new WatchScript()
            .create("a")
            .create("a", "", w -> w.setStartRevision(2))
            .quiet()
            .call(put("a", "o")));
    script(
        "progress after a compacted watch",
        new WatchScript()
            .create("a")
            .create("a", "", w -> w.setStartRevision(2))
            .quiet()
            .progress()
            .quiet());
    script(
        "progress after a compacted and cancelled watch",
        new WatchScript()
            .create("a")
            .create("a", "", w -> w.setStartRevision(2))
            .quiet()
            .send(cancelOf(1))
            .quiet()
            .progress()
            .quiet());
    script(
        "the id of a compacted watch again",
        create(
            new WatchScript().create("a", "", w -> w.setStartRevision(2).setWatchId(8)).quiet(),
            8));
    script(
        "a live watch survives a compaction",
        new WatchScript().create("a").call(compact(9, true)).call(put("a", "c")).quiet());
    script(
        "prev_kv after a compaction at the current revision",
        new WatchScript()
            .create("a", "", w -> w.setPrevKv(true))
            .call(put("q", "1"))
            .call(put("a", "d")));
  }

  private static WatchRequest cancelOf(long id) {
    return WatchRequest.newBuilder()
        .setCancelRequest(
            dev.brain.proto.etcdserverpb.WatchCancelRequest.newBuilder().setWatchId(id))
        .build();
  }

  private static WatchScript create(WatchScript script, long id) {
    return script.create("a", "", w -> w.setWatchId(id));
  }

  private void script(String name, WatchScript script) {
    rows.add(Case.steps(name, script));
  }
}
