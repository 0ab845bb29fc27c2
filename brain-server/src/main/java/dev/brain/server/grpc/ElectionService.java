// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.brain.engine.KeyRange;
import dev.brain.proto.v3electionpb.CampaignRequest;
import dev.brain.proto.v3electionpb.CampaignResponse;
import dev.brain.proto.v3electionpb.ElectionGrpc;
import dev.brain.proto.v3electionpb.LeaderKey;
import dev.brain.proto.v3electionpb.LeaderRequest;
import dev.brain.proto.v3electionpb.LeaderResponse;
import dev.brain.proto.v3electionpb.ProclaimRequest;
import dev.brain.proto.v3electionpb.ProclaimResponse;
import dev.brain.proto.v3electionpb.ResignRequest;
import dev.brain.proto.v3electionpb.ResignResponse;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The Election service. Its methods run on the event loop and never block it. */
public final class ElectionService extends ElectionGrpc.ElectionImplBase {
  private final Coordination coordination;

  /** Makes the service. */
  public ElectionService(Coordination coordination) {
    this.coordination = coordination;
  }

  @Override
  public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> observer) {
    Reply<CampaignResponse> reply = Reply.to(observer);
    CandidacyCall<CampaignResponse> call =
        new CandidacyCall<>(
            coordination,
            (candidacy, answer) -> answer.send(elected(request.getName(), candidacy)),
            reply);
    reply.onEnd(call::onCallEnded);
    call.start(request.getName(), request.getValue().toByteArray(), request.getLease());
  }

  private CampaignResponse elected(ByteString name, Candidacy candidacy) {
    return CampaignResponse.newBuilder()
        .setHeader(coordination.headers().at(candidacy.revision()))
        .setLeader(
            LeaderKey.newBuilder()
                .setName(name)
                .setKey(UnsafeByteOperations.unsafeWrap(candidacy.key().bytes()))
                .setRev(candidacy.createRevision())
                .setLease(candidacy.lease()))
        .build();
  }

  @Override
  public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> observer) {
    Reply<ProclaimResponse> reply = Reply.to(observer);
    LeaderKey leader = request.getLeader();
    EtcdStatus fault = check(request.hasLeader(), leader);
    if (fault != null) {
      reply.refusePlainly(fault);
      return;
    }
    coordination.withLease(
        leader.getLease(),
        lease -> proclaim(leader, request.getValue(), lease, reply),
        reply::refusePlainly);
  }

  private void proclaim(
      LeaderKey leader, ByteString value, long lease, Reply<ProclaimResponse> reply) {
    Key key = Key.of(leader.getKey().toByteArray());
    Txn put =
        Coordination.ifCreatedAt(
            key, leader.getRev(), Op.Put.of(key, value.toByteArray(), lease), List.of());
    coordination
        .store()
        .txn(
            put,
            new Completion<>() {
              @Override
              public void complete(TxnResult result) {
                if (result.succeeded()) {
                  reply.send(
                      ProclaimResponse.newBuilder()
                          .setHeader(coordination.headers().at(result.revision()))
                          .build());
                } else {
                  reply.refusePlainly(EtcdStatus.ELECTION_NOT_LEADER);
                }
              }

              @Override
              public void fail(Failure failure) {
                reply.refusePlainly(EtcdStatus.of(failure));
              }
            });
  }

  @Override
  public void resign(ResignRequest request, StreamObserver<ResignResponse> observer) {
    Reply<ResignResponse> reply = Reply.to(observer);
    LeaderKey leader = request.getLeader();
    EtcdStatus fault = check(request.hasLeader(), leader);
    if (fault != null) {
      reply.refusePlainly(fault);
      return;
    }
    Key key = Key.of(leader.getKey().toByteArray());
    Op delete = new Op.DeleteRange(KeyRange.single(key.bytes()), false);
    coordination
        .store()
        .txn(
            Coordination.ifCreatedAt(key, leader.getRev(), delete, List.of()),
            reply.plainCompletion(
                result ->
                    ResignResponse.newBuilder()
                        .setHeader(coordination.headers().at(result.revision()))
                        .build()));
  }

  @Override
  public void leader(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
    Reply<LeaderResponse> reply = Reply.to(observer);
    byte[] prefix = Coordination.prefix(request.getName().toByteArray());
    try {
      coordination.readers().execute(() -> leader(prefix, reply));
    } catch (RejectedExecutionException e) {
      reply.refusePlainly(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  private void leader(byte[] prefix, Reply<LeaderResponse> reply) {
    try {
      RangeResult found = coordination.store().range(Coordination.oldest(prefix));
      if (found.keyValues().isEmpty()) {
        reply.refusePlainly(EtcdStatus.ELECTION_NO_LEADER);
        return;
      }
      reply.send(
          LeaderResponse.newBuilder()
              .setHeader(coordination.headers().at(found.revision()))
              .setKv(Protos.keyValue(found.keyValues().getFirst()))
              .build());
    } catch (FailureException e) {
      reply.refusePlainly(EtcdStatus.of(e.failure()));
    }
  }

  @Override
  public void observe(LeaderRequest request, StreamObserver<LeaderResponse> observer) {
    new LeaderObserver(
            coordination,
            Coordination.prefix(request.getName().toByteArray()),
            (ServerCallStreamObserver<LeaderResponse>) observer)
        .start();
  }

  private static @Nullable EtcdStatus check(boolean hasLeader, LeaderKey leader) {
    if (!hasLeader) {
      return EtcdStatus.ELECTION_LEADER_MISSING;
    }
    return leader.getKey().isEmpty() ? EtcdStatus.KEY_NOT_PROVIDED : null;
  }
}
