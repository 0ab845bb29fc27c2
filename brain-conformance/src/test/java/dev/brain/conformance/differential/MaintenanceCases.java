// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static dev.brain.conformance.client.Requests.all;
import static dev.brain.conformance.client.Requests.compact;
import static dev.brain.conformance.client.Requests.delete;
import static dev.brain.conformance.client.Requests.grant;
import static dev.brain.conformance.client.Requests.put;
import static dev.brain.conformance.client.Requests.range;
import static dev.brain.conformance.client.Requests.revoke;
import static dev.brain.conformance.client.Requests.txn;
import static dev.brain.conformance.client.Txns.no;
import static dev.brain.conformance.client.Txns.then;
import static dev.brain.conformance.client.Txns.when;

import com.google.protobuf.Message;
import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Txns;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import dev.brain.proto.etcdserverpb.DefragmentRequest;
import dev.brain.proto.etcdserverpb.DowngradeRequest;
import dev.brain.proto.etcdserverpb.HashKVRequest;
import dev.brain.proto.etcdserverpb.HashKVResponse;
import dev.brain.proto.etcdserverpb.HashRequest;
import dev.brain.proto.etcdserverpb.HashResponse;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.Member;
import dev.brain.proto.etcdserverpb.MemberListResponse;
import dev.brain.proto.etcdserverpb.MoveLeaderRequest;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Maintenance: status, alarms and what they refuse, hashes, defragment, leader and downgrade. */
final class MaintenanceCases {
  private final List<Case> rows = new ArrayList<>();

  static List<Case> rows() {
    MaintenanceCases cases = new MaintenanceCases();
    cases.rows.add(Case.of("the data", put("a", "1"), put("a", "2"), grant(7, 3_600)));
    cases.hashes();
    cases.others();
    cases.alarms();
    return cases.rows;
  }

  private void hashes() {
    for (long revision : new long[] {Long.MIN_VALUE, -1, 0, 1, 2, 3, 4, 100, Long.MAX_VALUE}) {
      rows.add(
          Case.steps(
              "HashKV at " + revision,
              withoutHash(
                  Call.of(
                      MaintenanceGrpc.getHashKVMethod(),
                      HashKVRequest.newBuilder().setRevision(revision).build()))));
    }
    rows.add(
        Case.steps(
            "Hash",
            withoutHash(
                Call.of(MaintenanceGrpc.getHashMethod(), HashRequest.getDefaultInstance()))));
  }

  private void others() {
    rows.add(
        Case.steps(
            "Status",
            withoutHash(
                Call.of(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance()))));
    rows.add(
        Case.of(
            "Defragment has no header",
            Call.of(
                MaintenanceGrpc.getDefragmentMethod(), DefragmentRequest.getDefaultInstance())));
    rows.add(Case.of("data after Defragment", all()));
    for (long target : new long[] {0, 1, -1}) {
      rows.add(
          Case.of(
              "MoveLeader to " + target,
              Call.of(
                  MaintenanceGrpc.getMoveLeaderMethod(),
                  MoveLeaderRequest.newBuilder().setTargetID(target).build())));
    }
    for (int action = 0; action <= 3; action++) {
      for (String version : List.of("", "x", "3", "1.0", "3.5", "3.5.0", "99.0", "4.0.0")) {
        // A real downgrade would go on in the background.
        if (action != 1 || !version.startsWith("3.")) {
          rows.add(
              Case.of(
                  "Downgrade action " + action + " to '" + version + "'",
                  Call.of(
                      MaintenanceGrpc.getDowngradeMethod(),
                      DowngradeRequest.newBuilder()
                          .setActionValue(action)
                          .setVersion(version)
                          .build())));
        }
      }
    }
  }

  private void alarms() {
    for (int alarm : new int[] {0, 1, 2, 9}) {
      row("GET of alarm " + alarm, alarm(0, alarm, 0));
      row("DEACTIVATE of alarm " + alarm + " that is not raised", alarm(2, alarm, 0));
    }
    row("ACTIVATE of no alarm", alarm(1, 0, 0));
    row("ACTIVATE NOSPACE for a member", alarm(1, 1, 42));
    row("GET all", alarm(0, 0, 0));
    row("GET of a member", alarm(0, 1, 42));
    row("GET of the other type", alarm(0, 2, 0));
    row("ACTIVATE NOSPACE again", alarm(1, 1, 42));
    rows.add(
        Case.of(
            "NOSPACE",
            put("a", "3"),
            put("", "3"),
            range("a"),
            grant(8, 3_600),
            grant(7, 3_600),
            txn(then(Txns.get("a"))),
            txn(then(Txns.put("a", "4"))),
            txn(when(no(), Txns.put("a", "4"))),
            txn(then(Txns.get("a")).addFailure(Txns.put("a", "4"))),
            txn(then(Txns.delete("none", ""))),
            txn(then(Txns.put("", "4"))),
            put("a", "5", p -> p.setLease(99)),
            put("a", "v".repeat(1_600_000)),
            delete("none", ""),
            delete("a", ""),
            revoke(99),
            compact(2, true),
            all()));
    rows.add(
        Case.steps(
            "Status says NOSPACE",
            withoutHash(
                Call.of(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance()))));
    row("DEACTIVATE of another member", alarm(2, 1, 43));
    row("DEACTIVATE", alarm(2, 1, 42));
    row("GET all after it", alarm(0, 0, 0));
    rows.add(Case.of("a put after NOSPACE", put("a", "6")));
    row("ACTIVATE CORRUPT", alarm(1, 2, 42));
    rows.add(
        Case.of(
            "CORRUPT",
            put("a", "7"),
            range("a"),
            range("a", "", r -> r.setSerializable(true)),
            delete("none", ""),
            txn(then(Txns.get("a"))),
            txn(then(Txns.put("a", "1"))),
            grant(9, 3_600),
            compact(3, false)));
    row("GET CORRUPT", alarm(0, 2, 0));
    row("DEACTIVATE CORRUPT", alarm(2, 2, 42));
    rows.add(Case.of("a put after CORRUPT", put("a", "8"), all()));
    row("ACTIVATE both", alarm(1, 1, 1));
    row("ACTIVATE both, the second", alarm(1, 2, 2));
    row("GET both", alarm(0, 0, 0));
    row("DEACTIVATE both at once", alarm(2, 0, 0));
    row("DEACTIVATE the first", alarm(2, 1, 1));
    row("DEACTIVATE the second", alarm(2, 2, 2));
  }

  private void row(String name, Call<?, ?> call) {
    rows.add(Case.of(name, call));
  }

  private static Call<AlarmRequest, AlarmResponse> alarm(int action, int alarm, long member) {
    return Call.of(
        MaintenanceGrpc.getAlarmMethod(),
        AlarmRequest.newBuilder()
            .setActionValue(action)
            .setAlarmValue(alarm)
            .setMemberID(member)
            .build());
  }

  /** A call whose answer holds figures of the server's own, which are compared by presence only. */
  static Case.Step withoutHash(Call<?, ?> call) {
    return (where, pair) -> {
      Answer etcd = pair.etcd.client.call(call);
      Answer brain = pair.brain.client.call(call);
      pair.compare(where + ": " + call, own(etcd), own(brain));
    };
  }

  private static Answer own(Answer answer) {
    Message message = answer.message();
    Message changed =
        switch (message) {
          case HashKVResponse hash -> hash.toBuilder().clearHash().build();
          case HashResponse hash -> hash.toBuilder().clearHash().build();
          case StatusResponse status -> status(status);
          case MemberListResponse list -> {
            MemberListResponse.Builder builder = list.toBuilder();
            builder.getMembersBuilderList().forEach(MaintenanceCases::member);
            yield builder.build();
          }
          case null -> null;
          default -> message;
        };
    return new Answer(answer.code(), answer.text(), changed);
  }

  private static StatusResponse status(StatusResponse status) {
    UnaryOperator<String> minor = version -> version.replaceAll("^([0-9]+\\.[0-9]+)\\..*", "$1");
    return status.toBuilder()
        .setVersion(minor.apply(status.getVersion()))
        .setDbSize(presence(status.getDbSize()))
        .setDbSizeInUse(presence(status.getDbSizeInUse()))
        .setLeader(status.getLeader() == status.getHeader().getMemberId() ? 1 : 2)
        .setRaftIndex(presence(status.getRaftIndex()))
        .setRaftAppliedIndex(presence(status.getRaftAppliedIndex()))
        .setRaftTerm(presence(status.getRaftTerm()))
        .build();
  }

  private static void member(Member.Builder member) {
    member.setID(presence(member.getID()));
    for (int i = 0; i < member.getClientURLsCount(); i++) {
      member.setClientURLs(i, member.getClientURLs(i).replaceAll(":[0-9]+$", ":port"));
    }
    for (int i = 0; i < member.getPeerURLsCount(); i++) {
      member.setPeerURLs(i, member.getPeerURLs(i).replaceAll(":[0-9]+$", ":port"));
    }
  }

  private static int presence(long value) {
    return value == 0 ? 0 : 1;
  }
}
