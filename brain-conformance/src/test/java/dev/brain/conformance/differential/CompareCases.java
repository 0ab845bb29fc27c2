// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.bytes;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.txn;

import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.Compare.CompareResult;
import dev.brain.proto.etcdserverpb.Compare.CompareTarget;
import dev.brain.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Compares of txns: every target and result on missing, present and many keys, and nonsense. */
final class CompareCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    CompareCases cases = new CompareCases();
    cases.rows.add(
        Case.of(
            "the data",
            grant(7, 3_600),
            put("a", "m"),
            put("a", "m", p -> p.setLease(7)),
            put("b", ""),
            put("gone", "x"),
            delete("gone", "")));
    cases.targets();
    cases.values();
    cases.ranges();
    cases.nonsense();
    return cases.rows;
  }

  // a: version 2, created at 2, changed at 3, lease 7; the values lie below, at and above each.
  private void targets() {
    for (CompareResult result : results()) {
      for (String key : List.of("a", "missing", "gone")) {
        for (long value : new long[] {-1, 0, 2, 3, 7, Long.MAX_VALUE}) {
          row(
              key,
              result,
              "version " + value,
              c -> c.setTarget(CompareTarget.VERSION).setVersion(value));
          row(
              key,
              result,
              "create " + value,
              c -> c.setTarget(CompareTarget.CREATE).setCreateRevision(value));
          row(
              key,
              result,
              "mod " + value,
              c -> c.setTarget(CompareTarget.MOD).setModRevision(value));
          row(key, result, "lease " + value, c -> c.setTarget(CompareTarget.LEASE).setLease(value));
        }
      }
    }
  }

  private void values() {
    for (CompareResult result : results()) {
      for (String key : List.of("a", "b", "missing", "gone")) {
        for (String value : List.of("", "a", "m", "m\0", "\u00ff")) {
          row(
              key,
              result,
              "value '" + value + "'",
              c -> c.setTarget(CompareTarget.VALUE).setValue(bytes(value)));
        }
        row(key, result, "no value", c -> c.setTarget(CompareTarget.VALUE));
      }
    }
  }

  private void ranges() {
    for (CompareResult result : results()) {
      for (List<String> range :
          List.of(
              List.of("a", "c"),
              List.of("x", "z"),
              List.of("c", "a"),
              List.of("a", "\0"),
              List.of("\0", "\0"))) {
        UnaryOperator<Compare.Builder> ranged = c -> c.setRangeEnd(bytes(range.get(1)));
        String end = " to " + range.get(1);
        String key = range.get(0);
        row(
            key,
            result,
            "version 1" + end,
            c -> ranged.apply(c).setTarget(CompareTarget.VERSION).setVersion(1));
        row(
            key,
            result,
            "mod 0" + end,
            c -> ranged.apply(c).setTarget(CompareTarget.MOD).setModRevision(0));
        row(
            key,
            result,
            "value m" + end,
            c -> ranged.apply(c).setTarget(CompareTarget.VALUE).setValue(bytes("m")));
        row(
            key,
            result,
            "lease 0" + end,
            c -> ranged.apply(c).setTarget(CompareTarget.LEASE).setLease(0));
      }
    }
  }

  private void nonsense() {
    for (CompareResult result : results()) {
      for (CompareTarget target : CompareTarget.values()) {
        if (target != CompareTarget.UNRECOGNIZED) {
          row("a", result, "nothing given for " + target, c -> c.setTarget(target));
          row("missing", result, "nothing given for " + target, c -> c.setTarget(target));
          row("a", result, "version given for " + target, c -> c.setTarget(target).setVersion(2));
        }
      }
      row("a", result, "target 9", c -> c.setTargetValue(9).setVersion(5));
      row("missing", result, "target 9", c -> c.setTargetValue(9));
      row("", result, "an empty key", c -> c.setVersion(0));
      row("", result, "an empty key to the end", c -> c.setRangeEnd(bytes("\0")));
    }
    for (int result : new int[] {4, 99, -1}) {
      for (CompareTarget target : List.of(CompareTarget.VERSION, CompareTarget.VALUE)) {
        compare(
            "a: result " + result + " of " + target,
            Compare.newBuilder().setKey(bytes("a")).setTarget(target).setResultValue(result));
        compare(
            "missing: result " + result + " of " + target,
            Compare.newBuilder().setKey(bytes("missing")).setTarget(target).setResultValue(result));
      }
    }
    Compare holds = Compare.newBuilder().setKey(bytes("a")).setVersion(2).build();
    Compare fails = holds.toBuilder().setVersion(3).build();
    rows.add(
        Case.of("two that hold", txn(TxnRequest.newBuilder().addCompare(holds).addCompare(holds))));
    rows.add(
        Case.of(
            "one that holds and one that fails",
            txn(TxnRequest.newBuilder().addCompare(holds).addCompare(fails))));
  }

  private void row(
      String key, CompareResult result, String name, UnaryOperator<Compare.Builder> with) {
    compare(
        "'" + key + "' " + result + " " + name,
        with.apply(Compare.newBuilder().setKey(bytes(key)).setResult(result)));
  }

  private void compare(String name, Compare.Builder compare) {
    rows.add(Case.of(name, txn(TxnRequest.newBuilder().addCompare(compare))));
  }

  private static List<CompareResult> results() {
    return List.of(
        CompareResult.EQUAL, CompareResult.GREATER, CompareResult.LESS, CompareResult.NOT_EQUAL);
  }
}
