// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;
import static dev.brain.conformance.client.Requests.txn;
import static dev.brain.conformance.client.Txns.no;
import static dev.brain.conformance.client.Txns.op;
import static dev.brain.conformance.client.Txns.then;
import static dev.brain.conformance.client.Txns.when;

import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Txns;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmType;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that Brain answers otherwise than the etcd of the comparison, with a reason, after which
 * the two stores may differ. Only the first answer of a row is compared; the others make room for
 * the next.
 */
final class DivergentCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    DivergentCases cases = new DivergentCases();
    cases.sorts();
    cases.duplicates();
    cases.quota();
    return cases.rows;
  }

  private void sorts() {
    for (int order : new int[] {-1, 3, 99}) {
      row("sort order " + order, range("a", "z", r -> r.setSortOrderValue(order)));
      row(
          "sort order " + order + " in a txn",
          txn(then(op(range("a", "z", r -> r.setSortOrderValue(order))))));
      row(
          "sort order " + order + " in a branch not taken",
          txn(when(no(), op(range("a", "z", r -> r.setSortOrderValue(order))))));
    }
  }

  private void duplicates() {
    row("put above an open range", txn(then(Txns.put("z", "1"), Txns.delete("b", "\0"))));
    row("put in everything", txn(then(Txns.put("z", "1"), Txns.delete("\0", "\0"))));
    row(
        "put in a nested txn, delete in the next",
        txn(then(Txns.nested(then(Txns.put("z", "1"))), Txns.nested(then(Txns.delete("z", ""))))));
    row("everything deleted, then a put", txn(then(Txns.delete("\0", "\0"), Txns.put("z", "1"))));
  }

  private void quota() {
    // The stores have drifted apart by now, and the header shows it.
    rows.add(
        Case.steps(
            "NOSPACE",
            (_, pair) -> {
              pair.etcd.client.answer(alarm(AlarmRequest.AlarmAction.ACTIVATE));
              pair.brain.client.answer(alarm(AlarmRequest.AlarmAction.ACTIVATE));
            }));
    row(
        "NOSPACE: a nested put that is not taken",
        txn(then(Txns.nested(when(no(), Txns.put("a", "4"))))));
    row("NOSPACE: a nested put", txn(then(Txns.nested(then(Txns.put("a", "4"))))));
  }

  private void row(String name, Call<?, ?> call) {
    rows.add(
        Case.steps(
            name,
            (where, pair) -> {
              for (Side side : List.of(pair.etcd, pair.brain)) {
                side.client.call(delete("\0", "\0"));
                side.client.call(put("a", "1"));
              }
              pair.compare(where, pair.etcd.client.call(call), pair.brain.client.call(call));
            }));
  }

  private static Call<?, ?> alarm(AlarmRequest.AlarmAction action) {
    return Call.of(
        MaintenanceGrpc.getAlarmMethod(),
        AlarmRequest.newBuilder()
            .setAction(action)
            .setAlarm(AlarmType.NOSPACE)
            .setMemberID(1)
            .build());
  }
}
