// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Call;
import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.MemberAddRequest;
import dev.brain.proto.etcdserverpb.MemberListRequest;
import dev.brain.proto.etcdserverpb.MemberPromoteRequest;
import dev.brain.proto.etcdserverpb.MemberRemoveRequest;
import dev.brain.proto.etcdserverpb.MemberUpdateRequest;
import java.util.ArrayList;
import java.util.List;

/** Cluster: the list of members, and changes that a cluster refuses. */
final class ClusterCases {
  private ClusterCases() {}

  static List<Case> rows() {
    List<Case> rows = new ArrayList<>();
    for (boolean linearizable : new boolean[] {false, true}) {
      rows.add(
          Case.steps(
              "MemberList, linearizable " + linearizable,
              MaintenanceCases.withoutHash(
                  Call.of(
                      ClusterGrpc.getMemberListMethod(),
                      MemberListRequest.newBuilder().setLinearizable(linearizable).build()))));
    }
    for (List<String> urls :
        List.of(
            List.<String>of(),
            List.of(""),
            List.of("127.0.0.1:2380"),
            List.of("http://127.0.0.1"),
            List.of("ftp://127.0.0.1:2380"),
            List.of("http://127.0.0.1:2380/path"),
            List.of("://"))) {
      rows.add(
          Case.of(
              "MemberAdd of " + urls,
              Call.of(
                  ClusterGrpc.getMemberAddMethod(),
                  MemberAddRequest.newBuilder().addAllPeerURLs(urls).build())));
      rows.add(
          Case.of(
              "MemberAdd of the learner " + urls,
              Call.of(
                  ClusterGrpc.getMemberAddMethod(),
                  MemberAddRequest.newBuilder().addAllPeerURLs(urls).setIsLearner(true).build())));
      rows.add(
          Case.of(
              "MemberUpdate of an unknown member to " + urls,
              Call.of(
                  ClusterGrpc.getMemberUpdateMethod(),
                  MemberUpdateRequest.newBuilder().setID(1).addAllPeerURLs(urls).build())));
    }
    for (long id : new long[] {0, 1, -1}) {
      rows.add(
          Case.of(
              "MemberRemove of the unknown " + id,
              Call.of(
                  ClusterGrpc.getMemberRemoveMethod(),
                  MemberRemoveRequest.newBuilder().setID(id).build())));
      rows.add(
          Case.of(
              "MemberPromote of the unknown " + id,
              Call.of(
                  ClusterGrpc.getMemberPromoteMethod(),
                  MemberPromoteRequest.newBuilder().setID(id).build())));
      rows.add(
          Case.of(
              "MemberUpdate of the unknown " + id,
              Call.of(
                  ClusterGrpc.getMemberUpdateMethod(),
                  MemberUpdateRequest.newBuilder()
                      .setID(id)
                      .addPeerURLs("http://127.0.0.1:9999")
                      .build())));
    }
    return rows;
  }
}
