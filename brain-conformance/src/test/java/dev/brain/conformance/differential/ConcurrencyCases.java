// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.bytes;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.revoke;
import static dev.brain.conformance.client.Requests.timeToLive;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.proto.v3electionpb.CampaignRequest;
import dev.brain.proto.v3electionpb.CampaignResponse;
import dev.brain.proto.v3electionpb.ElectionGrpc;
import dev.brain.proto.v3electionpb.LeaderKey;
import dev.brain.proto.v3electionpb.LeaderRequest;
import dev.brain.proto.v3electionpb.ProclaimRequest;
import dev.brain.proto.v3electionpb.ResignRequest;
import dev.brain.proto.v3lockpb.LockGrpc;
import dev.brain.proto.v3lockpb.LockRequest;
import dev.brain.proto.v3lockpb.UnlockRequest;
import java.util.ArrayList;
import java.util.List;

/** Lock and Election, one client at a time. Leases are chosen, because keys contain them. */
final class ConcurrencyCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    ConcurrencyCases cases = new ConcurrencyCases();
    cases.rows.add(Case.of("the leases", grant(0x1a, 3_600), grant(0x2b, 3_600), grant(-3, 3_600)));
    cases.locks();
    cases.elections();
    return cases.rows;
  }

  private void locks() {
    row("lock", lock("name", 0x1a));
    row("lock again by the same lease", lock("name", 0x1a));
    rows.add(Case.of("the key of the lock", all(), timeToLive(0x1a, true)));
    row("unlock", unlock("name/1a"));
    row("unlock what is not locked", unlock("name/1a"));
    row("unlock nothing", unlock(""));
    row("lock without a name", lock("", 0x1a));
    row("lock by an unknown lease", lock("name", 99));
    row("lock by a negative lease", lock("negative", -3));
    row("lock with a binary name", lock("\0\u00ff/", 0x2b));
    rows.add(Case.of("what the locks have left", all()));
    rows.add(Case.of("a revoked lease unlocks", revoke(0x2b), all(), grant(0x2b, 3_600)));
    row("two names of one lease", lock("one", 0x1a));
    row("two names of one lease, the other", lock("two", 0x1a));
  }

  private void elections() {
    row("campaign", campaign("e", 0x1a, "first"));
    row("leader", leader("e"));
    row("campaign again by the leader", campaign("e", 0x1a, "second"));
    row("leader after it", leader("e"));
    row("leader of none", leader("none"));
    row("leader without a name", leader(""));
    row("campaign without a name", campaign("", 0x1a, "v"));
    row("campaign by an unknown lease", campaign("e2", 99, "v"));
    row(
        "proclaim without a leader",
        Call.of(ElectionGrpc.getProclaimMethod(), ProclaimRequest.getDefaultInstance()));
    row(
        "resign without a leader",
        Call.of(ElectionGrpc.getResignMethod(), ResignRequest.getDefaultInstance()));
    row("proclaim by a stranger", proclaim(key("e", "e/2b", 3, 0x2b), "v"));
    row("proclaim with the wrong revision", proclaim(key("e", "e/1a", 1, 0x1a), "v"));
    row("resign by a stranger", resign(key("e", "e/2b", 3, 0x2b)));
    row("leader is the same", leader("e"));
    rows.add(
        Case.steps(
            "proclaim and resign by the leader",
            (where, pair) -> {
              Answer campaign = pair.call(where, campaign("e", 0x1a, "third"));
              if (!(campaign.message() instanceof CampaignResponse response)) {
                return;
              }
              LeaderKey held = response.getLeader();
              pair.call(where + ": proclaim", proclaim(held, "proclaimed"));
              pair.call(where + ": leader", leader("e"));
              pair.call(where + ": resign", resign(held));
              pair.call(where + ": leader after it", leader("e"));
              pair.call(where + ": resign again", resign(held));
              pair.call(where + ": proclaim after it", proclaim(held, "late"));
            }));
    rows.add(Case.of("what the elections have left", all()));
  }

  private void row(String name, Call<?, ?> call) {
    rows.add(Case.of(name, call));
  }

  private static Call<?, ?> lock(String name, long lease) {
    return Call.of(
        LockGrpc.getLockMethod(),
        LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build());
  }

  private static Call<?, ?> unlock(String key) {
    return Call.of(
        LockGrpc.getUnlockMethod(), UnlockRequest.newBuilder().setKey(bytes(key)).build());
  }

  private static Call<CampaignRequest, CampaignResponse> campaign(
      String name, long lease, String value) {
    return Call.of(
        ElectionGrpc.getCampaignMethod(),
        CampaignRequest.newBuilder()
            .setName(bytes(name))
            .setLease(lease)
            .setValue(bytes(value))
            .build());
  }

  private static Call<?, ?> leader(String name) {
    return Call.of(
        ElectionGrpc.getLeaderMethod(), LeaderRequest.newBuilder().setName(bytes(name)).build());
  }

  private static LeaderKey key(String name, String key, long revision, long lease) {
    return LeaderKey.newBuilder()
        .setName(bytes(name))
        .setKey(bytes(key))
        .setRev(revision)
        .setLease(lease)
        .build();
  }

  private static Call<?, ?> proclaim(LeaderKey leader, String value) {
    return Call.of(
        ElectionGrpc.getProclaimMethod(),
        ProclaimRequest.newBuilder().setLeader(leader).setValue(bytes(value)).build());
  }

  private static Call<?, ?> resign(LeaderKey leader) {
    return Call.of(
        ElectionGrpc.getResignMethod(), ResignRequest.newBuilder().setLeader(leader).build());
  }
}
