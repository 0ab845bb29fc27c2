// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;
import static dev.brain.conformance.client.Requests.timeToLive;

import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.Txns;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Put and DeleteRange: flags, leases, sizes. */
final class WriteCases {
  private static final int MAX_REQUEST = 1_572_864;
  private static final int MAX_RECEIVE = 2_097_152;

  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    WriteCases cases = new WriteCases();
    cases.puts();
    cases.ignores();
    cases.leases();
    cases.deletes();
    cases.sizes();
    cases.rows.add(
        Case.of(
            "what is left", range("\0", "\0", r -> r.setKeysOnly(true).setMaxModRevision(100))));
    return cases.rows;
  }

  private void puts() {
    row("an empty key", "", "v", p -> p);
    row("an empty value", "k", "", p -> p);
    row("the same value again", "k", "", p -> p);
    row("prev_kv of a new key", "new", "v", p -> p.setPrevKv(true));
    row("prev_kv of an old key", "k", "v2", p -> p.setPrevKv(true));
    row("a key of zero bytes", "\0\0", "\0", p -> p);
    row("a key of 0xff", "\u00ff", "\u00ff", p -> p);
    row("a key of dollars and spaces", "$ $", "tombstone", p -> p);
    rows.add(
        Case.of(
            "a deleted key starts again",
            put("again", "1"),
            put("again", "2"),
            Requests.delete("again", ""),
            put("again", "3", p -> p.setPrevKv(true)),
            range("again")));
  }

  private void ignores() {
    row("ignore_value of a missing key", "none", "", p -> p.setIgnoreValue(true));
    row("ignore_lease of a missing key", "none", "v", p -> p.setIgnoreLease(true));
    row("ignore_value with a value", "k", "v", p -> p.setIgnoreValue(true));
    row("ignore_lease with a lease", "k", "v", p -> p.setIgnoreLease(true).setLease(5));
    row("ignore_value with a value of a missing key", "none", "v", p -> p.setIgnoreValue(true));
    row(
        "both ignored with both given",
        "k",
        "v",
        p -> p.setIgnoreValue(true).setIgnoreLease(true).setLease(5));
    row("ignore_value with an empty key", "", "", p -> p.setIgnoreValue(true));
    row("ignore_value", "k", "", p -> p.setIgnoreValue(true));
    row("ignore_value with prev_kv", "k", "", p -> p.setIgnoreValue(true).setPrevKv(true));
    row("ignore_lease", "k", "v3", p -> p.setIgnoreLease(true));
    row(
        "ignore_lease with lease 0 and prev_kv",
        "k",
        "v4",
        p -> p.setIgnoreLease(true).setPrevKv(true));
    row("both ignored", "k", "", p -> p.setIgnoreValue(true).setIgnoreLease(true));
    row(
        "both ignored of a missing key",
        "none",
        "",
        p -> p.setIgnoreValue(true).setIgnoreLease(true));
    row("ignore_value of a deleted key", "f", "", p -> p.setIgnoreValue(true));
  }

  private void leases() {
    for (long lease : new long[] {Long.MIN_VALUE, -1, 1, 99, Long.MAX_VALUE}) {
      row("an unknown lease " + lease, "k", "v", p -> p.setLease(lease));
    }
    rows.add(Case.of("two leases", grant(10, 1_000), grant(-11, 1_000)));
    row("a lease", "leased", "1", p -> p.setLease(10));
    row("ignore_value keeps no lease", "leased", "", p -> p.setIgnoreValue(true).setPrevKv(true));
    row("a lease again", "leased", "2", p -> p.setLease(10).setPrevKv(true));
    row("ignore_lease keeps the lease", "leased", "3", p -> p.setIgnoreLease(true).setPrevKv(true));
    row("another, negative lease", "leased", "4", p -> p.setLease(-11).setPrevKv(true));
    rows.add(Case.of("the key has moved", timeToLive(10, true), timeToLive(-11, true)));
    row("lease 0 detaches", "leased", "5", p -> p.setPrevKv(true));
    rows.add(Case.of("the key has left", timeToLive(-11, true), range("leased")));
    row(
        "an unknown lease with ignore_value of a missing key",
        "none",
        "",
        p -> p.setIgnoreValue(true).setLease(99));
  }

  private void deletes() {
    rows.add(
        Case.of(
            "the keys to delete",
            txn(
                Txns.put("d1", "1"),
                Txns.put("d2", "2"),
                Txns.put("d3", "3"),
                Txns.put("d4", "4"),
                Txns.put("d5", "5"))));
    delete("an empty key", "", "");
    delete("an empty key with a range end", "", "b");
    delete("a missing key", "none", "");
    delete("a range without keys", "x", "z");
    delete("an inverted range", "d5", "d1");
    delete("a range end equal to the key", "d1", "d1");
    delete("a key", "d3", "");
    delete("a key that was deleted", "d3", "");
    delete("a range", "d2", "d5");
    delete("everything that is left of a prefix", "d", "e");
    rows.add(
        Case.of("prev_kv of a missing key", Requests.delete("none", "", d -> d.setPrevKv(true))));
    rows.add(Case.of("prev_kv of a key", Requests.delete("k", "", d -> d.setPrevKv(true))));
    rows.add(
        Case.of(
            "everything with prev_kv", Requests.delete("\0", "\0", d -> d.setPrevKv(true)), all()));
    rows.add(Case.of("everything of an empty store", Requests.delete("\0", "\0")));
  }

  private void sizes() {
    for (int below : new int[] {100, 41, 0, -1}) {
      rows.add(size("a value " + below + " bytes below 1.5 MiB", 3, MAX_REQUEST - below));
      rows.add(size("a key " + below + " bytes below 1.5 MiB", MAX_REQUEST - below, 0));
      int size = MAX_REQUEST - below;
      rows.add(
          Case.of(
              "a delete of a key " + below + " bytes below 1.5 MiB",
              Requests.delete("d".repeat(size), "")));
      rows.add(
          Case.of(
              "a txn with a put " + below + " bytes below 1.5 MiB",
              txn(Txns.put("txn", "v".repeat(size)))));
      rows.add(
          Case.of(
              "a txn with a range " + below + " bytes below 1.5 MiB",
              txn(Txns.get("g".repeat(size)))));
    }
    rows.add(size("a value just below the message limit", 3, MAX_RECEIVE - 20));
    rows.add(size("a value of the message limit", 3, MAX_RECEIVE));
    rows.add(size("a value of 4 MiB", 3, 4 << 20));
    rows.add(
        Case.of(
            "a txn of many values beyond the limit",
            txn(Txns.put("m1", "v".repeat(800_000)), Txns.put("m2", "v".repeat(800_000)))));
    rows.add(
        Case.of(
            "none of the refused was applied",
            range("m1"),
            range("m2"),
            range("txn", "", r -> r.setKeysOnly(true))));
    rows.add(Case.of("the large keys go", Requests.delete("\0", "\0")));
  }

  private static Case size(String name, int key, int value) {
    return Case.of(name, put("s".repeat(key), "v".repeat(value)));
  }

  private static Call<?, ?> txn(RequestOp... ops) {
    return Requests.txn(Txns.then(ops));
  }

  private void row(String name, String key, String value, UnaryOperator<PutRequest.Builder> with) {
    rows.add(Case.of("put: " + name, put(key, value, with)));
  }

  private void delete(String name, String key, String end) {
    rows.add(
        Case.of(
            "delete: " + name,
            Requests.delete(key, end),
            range("\0", "\0", r -> r.setCountOnly(true))));
  }
}
