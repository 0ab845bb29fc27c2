// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.brain.engine.KeyRange;
import dev.brain.proto.v3lockpb.LockGrpc;
import dev.brain.proto.v3lockpb.LockRequest;
import dev.brain.proto.v3lockpb.LockResponse;
import dev.brain.proto.v3lockpb.UnlockRequest;
import dev.brain.proto.v3lockpb.UnlockResponse;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import io.grpc.stub.StreamObserver;

/** The Lock service. Its methods run on the event loop and never block it. */
public final class LockService extends LockGrpc.LockImplBase {
  private static final byte[] NO_VALUE = {};

  private final Coordination coordination;

  /** Makes the service. */
  public LockService(Coordination coordination) {
    this.coordination = coordination;
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> observer) {
    Reply<LockResponse> reply = Reply.to(observer);
    CandidacyCall<LockResponse> call = new CandidacyCall<>(coordination, this::held, reply);
    reply.onEnd(call::onCallEnded);
    call.start(request.getName(), NO_VALUE, request.getLease());
  }

  /** Answers with the header of a read of the key: its lease may have ended while it waited. */
  private void held(Candidacy candidacy, Reply<LockResponse> reply) {
    try {
      RangeResult found =
          coordination.store().range(RangeQuery.newest(KeyRange.single(candidacy.key().bytes())));
      if (found.keyValues().isEmpty()) {
        reply.refusePlainly(EtcdStatus.SESSION_EXPIRED);
        return;
      }
      reply.send(
          LockResponse.newBuilder()
              .setHeader(coordination.headers().at(found.revision()))
              .setKey(UnsafeByteOperations.unsafeWrap(candidacy.key().bytes()))
              .build());
    } catch (FailureException e) {
      reply.refusePlainly(EtcdStatus.of(e.failure()));
    }
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> observer) {
    Reply<UnlockResponse> reply = Reply.to(observer);
    ByteString key = request.getKey();
    if (key.isEmpty()) {
      reply.refusePlainly(EtcdStatus.KEY_NOT_PROVIDED);
      return;
    }
    coordination
        .store()
        .txn(
            Txn.of(new Op.DeleteRange(KeyRange.single(key.toByteArray()), false)),
            reply.plainCompletion(
                result ->
                    UnlockResponse.newBuilder()
                        .setHeader(coordination.headers().at(result.revision()))
                        .build()));
  }
}
