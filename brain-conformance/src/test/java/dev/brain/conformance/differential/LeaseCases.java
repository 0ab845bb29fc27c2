// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.leases;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;
import static dev.brain.conformance.client.Requests.revoke;
import static dev.brain.conformance.client.Requests.timeToLive;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.KeepAliveStream;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import java.util.ArrayList;
import java.util.List;

/** Leases: ids, times to live, keys, renewal, expiry. */
final class LeaseCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    LeaseCases cases = new LeaseCases();
    cases.grants();
    cases.keys();
    cases.renewals();
    cases.expiry();
    return cases.rows;
  }

  private void grants() {
    rows.add(Case.of("no leases", leases()));
    rows.add(Case.steps("the server chooses the id", LeaseCases::chosenId));
    long[] times = {
      Long.MIN_VALUE, -5, -1, 0, 1, 2, 3, 1_000, 9_000_000_000L, 9_000_000_001L, Long.MAX_VALUE
    };
    for (int i = 0; i < times.length; i++) {
      // A short one would end during the other rows.
      long ttl = times[i];
      rows.add(Case.of("TTL " + ttl, grant(100 + i, ttl)));
      rows.add(Case.steps("TTL " + ttl + " revoked", Case.step(revoke(100 + i))));
    }
    for (long id : new long[] {Long.MIN_VALUE, -1, 1, Long.MAX_VALUE}) {
      rows.add(Case.of("id " + id, grant(id, 3_600), grant(id, 3_600), grant(id, 10)));
      rows.add(Case.of("id " + id + " lives", timeToLive(id, true), timeToLive(id, false)));
    }
    rows.add(Case.of("a used id with a bad TTL", grant(1, Long.MAX_VALUE)));
    rows.add(Case.of("the leases", leases()));
    for (long id : new long[] {Long.MIN_VALUE + 1, -2, 0, 2, Long.MAX_VALUE - 1}) {
      rows.add(Case.of("unknown " + id + ": revoke", revoke(id)));
      rows.add(
          Case.of("unknown " + id + ": time to live", timeToLive(id, false), timeToLive(id, true)));
      rows.add(Case.steps("unknown " + id + ": keep alive", Case.keepAlive(id)));
    }
    rows.add(Case.of("revoke", revoke(-1), revoke(-1), timeToLive(-1, true), grant(-1, 3_600)));
  }

  private void keys() {
    rows.add(
        Case.of(
            "attached keys",
            put("z", "1", p -> p.setLease(1)),
            put("a", "2", p -> p.setLease(1)),
            put("m", "3", p -> p.setLease(1)),
            timeToLive(1, true),
            timeToLive(1, false)));
    rows.add(Case.of("a deleted key is detached", delete("m", ""), timeToLive(1, true)));
    rows.add(
        Case.of(
            "a moved key",
            put("z", "4", p -> p.setLease(-1)),
            timeToLive(1, true),
            timeToLive(-1, true)));
    rows.add(Case.of("a lease without keys lives", delete("a", ""), timeToLive(1, true)));
    rows.add(
        Case.of(
            "many keys",
            put("k3", "", p -> p.setLease(1)),
            put("k1", "", p -> p.setLease(1)),
            put("k2", "", p -> p.setLease(1))));
    rows.add(
        Case.steps(
            "a revoke deletes all in one revision",
            new WatchScript()
                .create("k", "l", w -> w.setPrevKv(true))
                .call(revoke(1))
                .call(range("k", "l", r -> r))
                .quiet()));
    rows.add(Case.of("a revoke without keys makes no revision", grant(5, 3_600), revoke(5), all()));
    rows.add(
        Case.of("a key of a revoked lease", put("x", "", p -> p.setLease(1)), timeToLive(1, true)));
  }

  private void renewals() {
    rows.add(Case.steps("keep alive", Case.keepAlive(-1), Case.keepAlive(-1)));
    rows.add(
        Case.steps(
            "keep alive of a revoked lease",
            Case.step(grant(6, 3_600)),
            Case.keepAlive(6),
            Case.step(revoke(6)),
            Case.keepAlive(6)));
    rows.add(
        Case.steps(
            "a half-closed stream is answered and ended",
            (where, pair) -> {
              List<Answer> left = halfClosed(pair.etcd);
              List<Answer> right = halfClosed(pair.brain);
              for (int i = 0; i < left.size(); i++) {
                pair.compare(where + " answer " + i, left.get(i), right.get(i));
              }
            }));
  }

  private void expiry() {
    rows.add(
        Case.steps(
            "an expired lease deletes its keys in one revision",
            new WatchScript()
                .create("expire", "expirf", w -> w.setPrevKv(true))
                .call(grant(20, 2))
                .call(put("expire2", "2", p -> p.setLease(20)))
                .call(put("expire1", "1", p -> p.setLease(20)))
                .awaitEvents(4)
                .quiet(),
            Case.step(all()),
            Case.step(timeToLive(20, true)),
            Case.step(leases()),
            Case.keepAlive(20),
            Case.step(put("late", "", p -> p.setLease(20))),
            Case.step(grant(20, 3_600))));
  }

  private static List<Answer> halfClosed(Side side) {
    try (KeepAliveStream stream = new KeepAliveStream(side.client.channel())) {
      stream.send(-1);
      stream.send(12_345);
      stream.halfClose();
      return List.of(stream.next(), stream.next(), stream.next());
    }
  }

  private static void chosenId(String where, Pair pair) {
    for (Side side : List.of(pair.etcd, pair.brain)) {
      LeaseGrantResponse response = side.client.answer(grant(0, 3_600));
      if (response.getID() <= 0 || response.getTTL() != 3_600) {
        pair.note(
            List.of(
                new Difference(where, "ID", "positive", side.server.program() + ": " + response)));
      }
      side.client.answer(revoke(response.getID()));
    }
  }
}
