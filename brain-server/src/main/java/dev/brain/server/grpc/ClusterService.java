// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.MemberAddRequest;
import dev.brain.proto.etcdserverpb.MemberAddResponse;
import dev.brain.proto.etcdserverpb.MemberListRequest;
import dev.brain.proto.etcdserverpb.MemberListResponse;
import dev.brain.proto.etcdserverpb.MemberPromoteRequest;
import dev.brain.proto.etcdserverpb.MemberPromoteResponse;
import dev.brain.proto.etcdserverpb.MemberRemoveRequest;
import dev.brain.proto.etcdserverpb.MemberRemoveResponse;
import dev.brain.proto.etcdserverpb.MemberUpdateRequest;
import dev.brain.proto.etcdserverpb.MemberUpdateResponse;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * The Cluster service. Members come and go with their processes, so a client can list them but not
 * change them: every change is refused, with etcd's own words where etcd would refuse it too.
 */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
  private final Membership membership;
  private final ResponseHeaders headers;

  /** Makes the service. */
  public ClusterService(Membership membership, ResponseHeaders headers) {
    this.membership = membership;
    this.headers = headers;
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
    MemberListResponse.Builder response =
        MemberListResponse.newBuilder().setHeader(headers.withoutRevision());
    for (Member member : membership.members()) {
      response.addMembers(
          dev.brain.proto.etcdserverpb.Member.newBuilder()
              .setID(member.id())
              .setName(member.name())
              .addAllPeerURLs(member.peerUrls())
              .addAllClientURLs(member.clientUrls()));
    }
    Reply.to(observer).send(response.build());
  }

  @Override
  public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> observer) {
    List<String> urls = request.getPeerURLsList();
    EtcdStatus refusal;
    if (!PeerUrls.areValid(urls)) {
      refusal = EtcdStatus.MEMBER_BAD_URLS;
    } else if (membership.members().stream()
        .anyMatch(member -> member.peerUrls().stream().anyMatch(urls::contains))) {
      refusal = EtcdStatus.PEER_URL_EXISTS;
    } else {
      refusal = EtcdStatus.NOT_CAPABLE;
    }
    Reply.to(observer).refuse(refusal);
  }

  @Override
  public void memberRemove(
      MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> observer) {
    Reply.to(observer)
        .refuse(
            known(request.getID()) ? EtcdStatus.NOT_ENOUGH_MEMBERS : EtcdStatus.MEMBER_NOT_FOUND);
  }

  @Override
  public void memberUpdate(
      MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> observer) {
    EtcdStatus refusal;
    if (!known(request.getID())) {
      refusal = EtcdStatus.MEMBER_NOT_FOUND;
    } else if (!PeerUrls.areValid(request.getPeerURLsList())) {
      refusal = EtcdStatus.MEMBER_BAD_URLS;
    } else {
      refusal = EtcdStatus.NOT_CAPABLE;
    }
    Reply.to(observer).refuse(refusal);
  }

  @Override
  public void memberPromote(
      MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> observer) {
    Reply.to(observer)
        .refuse(
            known(request.getID()) ? EtcdStatus.MEMBER_NOT_LEARNER : EtcdStatus.MEMBER_NOT_FOUND);
  }

  private boolean known(long id) {
    return membership.members().stream().anyMatch(member -> member.id() == id);
  }
}
