// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.compact;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;

import dev.brain.proto.etcdserverpb.HashKVRequest;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import java.util.ArrayList;
import java.util.List;

/** Compact: every border, what stays readable, tombstones. */
final class CompactCases {
  private CompactCases() {}

  static List<Case> rows() {
    List<Case> rows = new ArrayList<>();
    for (long revision : new long[] {Long.MIN_VALUE, -1, 2, Long.MAX_VALUE}) {
      rows.add(Case.of("an empty store at " + revision, compact(revision, false)));
    }
    rows.add(Case.of("revision 0 of a store that was never compacted", compact(0, false)));
    rows.add(Case.of("revision 0 again", compact(0, false)));
    rows.add(Case.of("revision 1 of an empty store", compact(1, false), compact(1, true)));
    rows.add(
        Case.of(
            "the data", // at revision 9
            put("a", "1"),
            put("a", "2"),
            put("b", "1"),
            delete("a", ""),
            put("a", "3"),
            delete("b", ""),
            put("c", "1"),
            put("c", "2")));
    for (long revision : new long[] {10, 11, 1_000, Long.MAX_VALUE}) {
      rows.add(Case.of("future " + revision, compact(revision, false), compact(revision, true)));
    }
    for (long revision : new long[] {Long.MIN_VALUE, -1, 0, 1}) {
      rows.add(Case.of("compacted already " + revision, compact(revision, false)));
    }
    for (long revision : new long[] {3, 5, 7, 9, 10}) {
      boolean physical = revision % 2 == 0;
      rows.add(Case.of("compact at " + revision, compact(revision, physical)));
      rows.add(Case.of("again at " + revision, compact(revision, physical)));
      rows.add(Case.of("below " + revision, compact(revision - 1, physical)));
      rows.add(
          Case.of(
              "reads around " + revision,
              range("\0", "\0", r -> r.setRevision(revision)),
              range("\0", "\0", r -> r.setRevision(revision - 1)),
              range("a", "", r -> r.setRevision(revision)),
              range("b", "", r -> r.setRevision(revision)),
              range("b", "", r -> r.setRevision(revision + 1)),
              all()));
      rows.add(
          Case.steps(
              "a watch from " + revision,
              new WatchScript()
                  .create("\0", "\0", w -> w.setStartRevision(revision).setPrevKv(true))));
      rows.add(
          Case.steps(
              "a watch from below " + revision,
              new WatchScript().create("\0", "\0", w -> w.setStartRevision(revision - 1))));
    }
    rows.add(Case.of("a put after the last", put("a", "4"), compact(10, true), all()));
    for (long revision : new long[] {0, 9, 10, 11, -1}) {
      rows.add(
          Case.steps(
              "HashKV at " + revision,
              MaintenanceCases.withoutHash(
                  dev.brain.conformance.client.Call.of(
                      MaintenanceGrpc.getHashKVMethod(),
                      HashKVRequest.newBuilder().setRevision(revision).build()))));
    }
    return rows;
  }
}
