// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.engine.EngineException;
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
import dev.brain.server.maintenance.MemberRemoval;
import dev.brain.server.maintenance.Membership;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Cluster service. Members come and go with their processes, so a client can list them, and
 * remove one that is gone: every other change is refused, with etcd's own words where etcd would
 * refuse it too.
 */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
  private static final Logger log = LoggerFactory.getLogger(ClusterService.class);

  private final Membership membership;
  private final MemberRemoval removal;
  private final ResponseHeaders headers;
  private final Executor background;

  /**
   * Makes the service.
   *
   * @param removal removes members
   * @param background runs removals, which block; may reject them
   */
  public ClusterService(
      Membership membership, MemberRemoval removal, ResponseHeaders headers, Executor background) {
    this.membership = membership;
    this.removal = removal;
    this.headers = headers;
    this.background = background;
  }

  /** Makes the service of a cluster of one node. */
  public ClusterService(Membership membership, ResponseHeaders headers) {
    this(
        membership,
        id ->
            id == membership.self() ? MemberRemoval.Outcome.ALIVE : MemberRemoval.Outcome.NOT_FOUND,
        headers,
        Runnable::run);
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
    Reply.to(observer)
        .send(
            MemberListResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members())
                .build());
  }

  private List<dev.brain.proto.etcdserverpb.Member> members() {
    return membership.members().stream().map(ClusterService::message).toList();
  }

  private static dev.brain.proto.etcdserverpb.Member message(Member member) {
    return dev.brain.proto.etcdserverpb.Member.newBuilder()
        .setID(member.id())
        .setName(member.name())
        .addAllPeerURLs(member.peerUrls())
        .addAllClientURLs(member.clientUrls())
        .build();
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
    Reply<MemberRemoveResponse> reply = Reply.to(observer);
    try {
      background.execute(() -> remove(request.getID(), reply));
    } catch (RejectedExecutionException e) {
      reply.refuse(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  private void remove(long id, Reply<MemberRemoveResponse> reply) {
    MemberRemoval.Outcome outcome;
    try {
      outcome = removal.remove(id);
    } catch (EngineException e) {
      log.warn("member {} could not be removed", Long.toHexString(id), e);
      reply.refuse(EtcdStatus.UNHEALTHY);
      return;
    }
    switch (outcome) {
      case REMOVED ->
          reply.send(
              MemberRemoveResponse.newBuilder()
                  .setHeader(headers.withoutRevision())
                  .addAllMembers(members())
                  .build());
      case NOT_FOUND -> reply.refuse(EtcdStatus.MEMBER_NOT_FOUND);
      case ALIVE -> reply.refuse(EtcdStatus.NOT_ENOUGH_MEMBERS);
    }
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
