// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.compact;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.range;
import static dev.brain.conformance.client.Requests.txn;
import static dev.brain.conformance.client.Txns.delete;
import static dev.brain.conformance.client.Txns.get;
import static dev.brain.conformance.client.Txns.nested;
import static dev.brain.conformance.client.Txns.no;
import static dev.brain.conformance.client.Txns.op;
import static dev.brain.conformance.client.Txns.put;
import static dev.brain.conformance.client.Txns.then;
import static dev.brain.conformance.client.Txns.times;
import static dev.brain.conformance.client.Txns.when;
import static dev.brain.conformance.client.Txns.yes;

import dev.brain.conformance.client.Requests;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest.SortOrder;
import dev.brain.proto.etcdserverpb.RangeRequest.SortTarget;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Txn: limits, static checks, duplicates, what an op sees, revisions and inner headers. */
final class TxnCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    TxnCases cases = new TxnCases();
    cases.rows.add(
        Case.of(
            "the data",
            grant(7, 3_600),
            Requests.put("a", "1"),
            Requests.put("b", "2"),
            Requests.put("c", "3"),
            Requests.put("a", "4")));
    cases.limits();
    cases.staticChecks();
    cases.duplicates();
    cases.dynamicChecks();
    cases.execution();
    cases.nesting();
    cases.rows.add(Case.of("what is left", all()));
    return cases.rows;
  }

  private void limits() {
    row("empty", TxnRequest.newBuilder());
    row("empty with compares", TxnRequest.newBuilder().addCompare(yes()));
    row("empty that fails", TxnRequest.newBuilder().addCompare(no()));
    for (int count : new int[] {127, 128, 129, 1_000}) {
      row(count + " gets", then(times(count, get("a"))));
      row(
          count + " gets in failure",
          TxnRequest.newBuilder().addAllFailure(List.of(times(count, get("a")))));
      row(count + " puts", then(puts("n", count)));
      TxnRequest.Builder compares = TxnRequest.newBuilder();
      for (int i = 0; i < count; i++) {
        compares.addCompare(yes());
      }
      row(count + " compares", compares);
    }
    row("128 of each", then(times(128, get("a"))).addAllFailure(List.of(times(128, get("b")))));
    row(
        "100 outer and 28 inner",
        then(times(99, get("a"))).addSuccess(nested(then(times(28, get("b"))))));
    row(
        "100 outer and 29 inner",
        then(times(99, get("a"))).addSuccess(nested(then(times(29, get("b"))))));
    row(
        "two nested of 126 each",
        then(nested(then(times(126, get("a")))), nested(then(times(126, get("b"))))));
    row(
        "two nested of 127 each",
        then(nested(then(times(127, get("a")))), nested(then(times(127, get("b"))))));
    row("129 in a branch not taken", when(no(), times(129, get("a"))));
    row("nested 129 in a branch not taken", when(no(), nested(then(times(129, get("a"))))));
    row(
        "the compares count for nested",
        TxnRequest.newBuilder()
            .addAllCompare(IntStream.range(0, 100).mapToObj(_ -> yes()).toList())
            .addSuccess(nested(then(times(29, get("a"))))));
    row("129 with an empty key", then(times(129, get(""))));
  }

  private void staticChecks() {
    RequestOp[] faults = {
      get(""),
      put("", "v"),
      delete("", ""),
      RequestOp.getDefaultInstance(),
      nested(then(put("", "v"))),
      nested(then(RequestOp.getDefaultInstance())),
      nested(TxnRequest.newBuilder().addCompare(yes().toBuilder().clearKey())),
      putWith("a", "v", p -> p.setIgnoreValue(true)),
      putWith("a", "v", p -> p.setIgnoreLease(true).setLease(7)),
      nested(then(putWith("a", "v", p -> p.setIgnoreValue(true)))),
      nested(then(put("dup", "1"), put("dup", "2"))),
    };
    for (int i = 0; i < faults.length; i++) {
      String name = "fault " + i + " (" + faults[i].getRequestCase() + ")";
      row(name, then(faults[i]));
      row(name + " after a put", then(put("before", "v"), faults[i]));
      row(name + " not taken", when(no(), faults[i]));
      row(name + " nested, not taken", when(no(), nested(then(faults[i]))));
      row(name + " in the failure not taken", then(get("a")).addFailure(faults[i]));
    }
    row("nothing of these was applied", then(get("before")));
  }

  private void duplicates() {
    row("put, put", then(put("k", "1"), put("k", "2")));
    row("put, put of the same value", then(put("k", "1"), put("k", "1")));
    row("put, delete", then(put("k", "1"), delete("k", "")));
    row("delete, put", then(delete("k", ""), put("k", "1")));
    row("delete, delete", then(delete("a", ""), delete("a", "")));
    row("a again", then(put("a", "5")));
    row("put in a deleted range", then(put("b", "1"), delete("a", "c")));
    row("put at the end of a deleted range", then(put("c", "1"), delete("a", "c")));
    row("put before a deleted range", then(put("a", "1"), delete("b", "c"), put("c", "1")));
    row("put in an inverted range", then(put("b", "1"), delete("c", "a")));
    row("overlapping deletes", then(delete("x", "z"), delete("y", "zz")));
    row("put and nested put", then(put("k", "1"), nested(then(put("k", "2")))));
    row("nested put and put", then(nested(then(put("k", "1"))), put("k", "2")));
    row("put and nested delete", then(put("k", "1"), nested(then(delete("k", "")))));
    row("nested delete range and put", then(nested(then(delete("a", "z"))), put("k", "1")));
    row(
        "put and nested put in failure",
        then(put("k", "1"), nested(TxnRequest.newBuilder().addFailure(put("k", "2")))));
    row("two nested puts", then(nested(then(put("k", "1"))), nested(then(put("k", "2")))));
    row("then and else of one nested", then(nested(then(put("k", "1")).addFailure(put("k", "2")))));
    row("then and else", then(put("k", "1")).addFailure(put("k", "2")));
    row("put in then, delete in else", then(put("k", "1")).addFailure(delete("k", "")));
    row("duplicates in a branch not taken", when(no(), put("k", "1"), put("k", "2")));
    row(
        "a nested delete in else and a put",
        then(nested(TxnRequest.newBuilder().addFailure(delete("k", ""))), put("k", "1")));
    row("put, get, put of another", then(put("k", "1"), get("k"), put("l", "1")));
    row("deep: put at 1 and at 3", then(put("k", "1"), nested(then(nested(then(put("k", "2")))))));
    row("deep: put at 3 and at 1", then(nested(then(nested(then(put("k", "2"))))), put("k", "1")));
    row(
        "deep: deletes at every level",
        then(delete("k", ""), nested(then(delete("k", ""), nested(then(delete("k", "")))))));
  }

  private void dynamicChecks() {
    row("an unknown lease", then(put("k", "1"), putWith("l", "2", p -> p.setLease(99))));
    row("an unknown lease not taken", when(no(), putWith("l", "2", p -> p.setLease(99))));
    row(
        "an unknown lease in nested",
        then(put("k", "1"), nested(then(putWith("l", "2", p -> p.setLease(99))))));
    row(
        "an unknown lease in nested not taken",
        then(nested(when(no(), putWith("l", "2", p -> p.setLease(99))))));
    row("ignore_value of a missing key", then(putWith("none", "", p -> p.setIgnoreValue(true))));
    row(
        "ignore_lease of a missing key",
        then(put("x", "1"), putWith("none", "v", p -> p.setIgnoreLease(true))));
    row("ignore_value not taken", when(no(), putWith("none", "", p -> p.setIgnoreValue(true))));
    row(
        "ignore_value of a key put by the same",
        then(put("fresh", "1"), nested(then(putWith("fresh2", "", p -> p.setIgnoreValue(true))))));
    row(
        "ignore_value of a key",
        then(putWith("a", "", p -> p.setIgnoreValue(true).setPrevKv(true))));
    row("a future range", then(op(range("a", "", r -> r.setRevision(10_000)))));
    row(
        "a future range after a put",
        then(put("k", "1"), op(range("a", "", r -> r.setRevision(10_000)))));
    row("a future range not taken", when(no(), op(range("a", "", r -> r.setRevision(10_000)))));
    row(
        "a future range in nested",
        then(put("k", "1"), nested(then(op(range("a", "", r -> r.setRevision(10_000)))))));
    row(
        "a future range in nested not taken",
        then(put("k", "1"), nested(when(no(), op(range("a", "", r -> r.setRevision(10_000)))))));
    row("a negative range", then(op(range("a", "", r -> r.setRevision(-1)))));
    row(
        "a negative range after a put",
        then(put("neg", "1"), op(range("a", "", r -> r.setRevision(-1)))));
    rows.add(Case.of("a compaction", compact(4, false)));
    row("compacted: a range at 3", then(op(range("a", "", r -> r.setRevision(3)))));
    row(
        "compacted: a range at 3 after a put",
        then(put("k", "1"), op(range("a", "", r -> r.setRevision(3)))));
    row("compacted: a range at 4", then(put("k", "1"), op(range("a", "z", r -> r.setRevision(4)))));
    row("compacted: a range at -1", then(op(range("a", "", r -> r.setRevision(-1)))));
    row(
        "compacted: a range at -1 after a put",
        then(put("k", "1"), op(range("a", "", r -> r.setRevision(-1)))));
    row(
        "compacted: serializable at 3",
        then(op(range("a", "", r -> r.setRevision(3).setSerializable(true)))));
    row("compacted: not taken", when(no(), op(range("a", "", r -> r.setRevision(3)))));
    row(
        "nothing of the refused was applied",
        then(get("l"), get("x"), get("fresh"), get("fresh2")));
  }

  private void execution() {
    row("a range sees an earlier put", then(get("e1"), put("e1", "1"), get("e1")));
    row("a range sees an earlier delete", then(get("e1"), delete("e1", ""), get("e1")));
    row(
        "a delete of what was put by another op",
        then(put("e2", "1"), delete("e1", "e2"), get("e2")));
    row(
        "a range at an old revision sees no put",
        then(put("e3", "1"), op(range("e3", "", r -> r.setRevision(6)))));
    row(
        "prev_kv inside",
        then(
            putWith("e3", "2", p -> p.setPrevKv(true)),
            op(Requests.delete("e2", "", d -> d.setPrevKv(true)))));
    row(
        "no-op delete, put, no-op delete",
        then(delete("none", ""), put("e4", "1"), delete("none", "")));
    row("range, put, range: inner headers", then(get("a"), put("e5", "1"), get("a")));
    row("only no-op deletes", then(delete("none", ""), delete("none2", "")));
    row("reads only", then(get("a"), get("b")));
    row(
        "serializable reads only",
        then(op(range("a", "z", r -> r.setSerializable(true).setLimit(2)))));
    row(
        "a count after a put",
        then(put("e6", "1"), op(range("e", "f", r -> r.setCountOnly(true)))));
    row(
        "a limit after puts",
        then(put("e7", "1"), put("e70", "1"), op(range("e", "f", r -> r.setLimit(3)))));
    row(
        "a sort after puts",
        then(
            put("e8", "1"),
            op(
                range(
                    "e",
                    "f",
                    r ->
                        r.setSortTarget(SortTarget.MOD)
                            .setSortOrder(SortOrder.DESCEND)
                            .setLimit(3)))));
    row(
        "a filter by the own revision",
        then(put("e9", "1"), op(range("e", "f", r -> r.setMinModRevision(12)))));
    row(
        "a range delete inside",
        then(
            op(Requests.delete("e", "e5", d -> d.setPrevKv(true))),
            op(range("e", "f", r -> r.setKeysOnly(true)))));
    row("a lease inside", then(putWith("leased", "1", p -> p.setLease(7)), get("leased")));
    row("failure taken", when(no(), put("k", "t")).addFailure(put("k", "f")).addFailure(get("k")));
    row("revision after a txn that fails", when(no(), put("k", "t")));
    row("many puts, one revision", then(puts("many", 128)));
    rows.add(
        Case.of("their revisions", range("many", "mano", r -> r.setKeysOnly(true).setLimit(5))));
  }

  private void nesting() {
    row("nested reads", then(nested(then(get("a")))));
    row("nested empty", then(nested(TxnRequest.newBuilder())));
    row(
        "nested compare does not see the outer put",
        then(put("n1", "1"), nested(when(mod0("n1"), get("n1")).addFailure(get("a")))));
    row(
        "nested compare on the state before",
        then(
            delete("a", ""),
            nested(when(mod0("a"), put("n2", "yes")).addFailure(put("n2", "no")))));
    row("nested range sees the outer put", then(put("n3", "1"), nested(then(get("n3")))));
    row("an outer range sees the nested put", then(nested(then(put("n4", "1"))), get("n4")));
    row("nested failure", then(nested(when(no(), put("n5", "t")).addFailure(put("n5", "f")))));
    row("nested in failure", when(no()).addFailure(nested(then(put("n6", "1"), get("n6")))));
    row(
        "three levels",
        then(
            put("n7", "1"), nested(then(put("n8", "2"), nested(then(put("n9", "3"), get("n7")))))));
    for (int depth : new int[] {10, 48, 49, 50, 64, 99, 100, 101, 126, 127, 128, 129, 130, 300}) {
      TxnRequest.Builder deep = then(put("deep", Integer.toString(depth)));
      for (int i = 1; i < depth; i++) {
        deep = then(nested(deep));
      }
      row("nested " + depth + " deep", deep);
    }
    row(
        "siblings deep",
        then(
            nested(then(nested(then(put("s1", "1"))))),
            nested(then(nested(then(put("s2", "1")))))));
  }

  private void row(String name, TxnRequest.Builder txn) {
    rows.add(Case.of(name, txn(txn)));
  }

  private static RequestOp[] puts(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> put(prefix + i, "v")).toArray(RequestOp[]::new);
  }

  private static RequestOp putWith(
      String key, String value, UnaryOperator<PutRequest.Builder> with) {
    return op(Requests.put(key, value, with));
  }

  private static dev.brain.proto.etcdserverpb.Compare mod0(String key) {
    return dev.brain.proto.etcdserverpb.Compare.newBuilder()
        .setKey(Requests.bytes(key))
        .setTarget(dev.brain.proto.etcdserverpb.Compare.CompareTarget.MOD)
        .setModRevision(0)
        .build();
  }
}
