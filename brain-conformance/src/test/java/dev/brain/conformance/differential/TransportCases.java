// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.bytes;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.DeepTxn;
import dev.brain.conformance.client.RawCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What no stub sends: unknown methods, damaged messages, headers, compression, deep nesting. */
final class TransportCases {
  private static final String KV = "etcdserverpb.KV/";

  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    TransportCases cases = new TransportCases();
    cases.rows.add(Case.of("the data", put("a", "1")));
    cases.methods();
    cases.messages();
    cases.headers();
    cases.nesting();
    cases.rows.add(Case.of("both serve on", put("a", "2"), all()));
    return cases.rows;
  }

  private void methods() {
    for (String method :
        List.of(
            KV + "Nothing",
            KV + "range",
            "etcdserverpb.Nothing/Range",
            "KV/Range",
            "etcdserverpb.Lease/LeaseCheckpoint",
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "v3lockpb.Lock/TryLock")) {
      row("method " + method, () -> new RawCall(method, new byte[0]));
    }
  }

  private void messages() {
    for (String method : List.of("Range", "Put", "DeleteRange", "Txn", "Compact")) {
      row(method + " of no bytes", () -> new RawCall(KV + method, new byte[0]));
      for (String damaged :
          List.of("\u00ff", "\n\u0005ab", "\n\u00ff\u00ff\u00ff\u00ff\u000f", "\u0000")) {
        damaged(method + " of damaged bytes " + damaged.length(), method, damaged);
      }
    }
    row(
        "Range with an unknown field",
        () -> new RawCall(KV + "Range", message("\n\u0001a\u00c8>\u0001")));
    row("Range with a key of the wrong type", () -> new RawCall(KV + "Range", message("\b\u0001")));
    row("Range with the key twice", () -> new RawCall(KV + "Range", message("\n\u0001x\n\u0001a")));
  }

  private void headers() {
    byte[] get = range("a").request().toByteArray();
    row("a token", () -> new RawCall(KV + "Range", get).header("token", "abc.1"));
    row(
        "an authorization",
        () -> new RawCall(KV + "Range", get).header("authorization", "Bearer x"));
    row("hasleader", () -> new RawCall(KV + "Range", get).header("hasleader", "true"));
    row("hasleader false", () -> new RawCall(KV + "Range", get).header("hasleader", "false"));
    row(
        "a client version",
        () -> new RawCall(KV + "Range", get).header("client-api-version", "3.5"));
    row("an unknown header", () -> new RawCall(KV + "Range", get).header("source", "cache"));
    row("gzip", () -> new RawCall(KV + "Range", get).gzip());
  }

  private void nesting() {
    for (int depth : new int[] {1, 2, 127, 128, 129, 1_000, 10_000, 100_000}) {
      row("a txn nested " + depth + " deep", () -> new RawCall(KV + "Txn", DeepTxn.bytes(depth)));
    }
  }

  // A server may say in its own words why it cannot read a message.
  private void damaged(String name, String method, String bytes) {
    rows.add(
        Case.steps(
            name,
            (where, pair) -> {
              Answer etcd = new RawCall(KV + method, message(bytes)).send(pair.etcd.client);
              Answer brain = new RawCall(KV + method, message(bytes)).send(pair.brain.client);
              pair.compare(where, code(etcd), code(brain));
            }));
  }

  private void row(String name, Supplier<RawCall> call) {
    rows.add(
        Case.steps(
            name,
            (where, pair) -> {
              Answer etcd = call.get().send(pair.etcd.client);
              Answer brain = call.get().send(pair.brain.client);
              // The messages of those that succeed hold the ids of the cluster.
              pair.compare(where, status(etcd), status(brain));
            }));
  }

  private static Answer code(Answer answer) {
    return new Answer(answer.code(), "", null);
  }

  private static Answer status(Answer answer) {
    return new Answer(answer.code(), answer.text(), null);
  }

  private static byte[] message(String bytes) {
    return bytes(bytes).toByteArray();
  }
}
