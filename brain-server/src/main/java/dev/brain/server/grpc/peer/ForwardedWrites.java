// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.grpc.AlarmMethod;
import dev.brain.server.grpc.Caller;
import dev.brain.server.grpc.EtcdStatus;
import dev.brain.server.grpc.KvWrites;
import dev.brain.server.kv.Txn;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * The writes of a node that follows: the leader does them. An answer is handed on once this node
 * shows the revision that it names, so that whoever has written here finds it here, in reads that
 * do not ask the leader too.
 */
public record ForwardedWrites(LeaderLink leader, RevisionWaiters waiters)
    implements KvWrites, AlarmMethod {
  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer, Caller caller) {
    leader.forward(KVGrpc.getPutMethod(), request, visible(observer, PutResponse::getHeader));
  }

  @Override
  public void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller) {
    leader.forward(
        KVGrpc.getDeleteRangeMethod(), request, visible(observer, DeleteRangeResponse::getHeader));
  }

  @Override
  public void txn(
      TxnRequest request, Txn txn, StreamObserver<TxnResponse> observer, Caller caller) {
    leader.forward(KVGrpc.getTxnMethod(), request, visible(observer, TxnResponse::getHeader));
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
    leader.forward(KVGrpc.getCompactMethod(), request, observer);
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
    leader.forward(MaintenanceGrpc.getAlarmMethod(), request, observer);
  }

  private <A> StreamObserver<A> visible(
      StreamObserver<A> client, Function<A, ResponseHeader> header) {
    return new Visible<>(client, header, waiters);
  }

  /** Takes the one answer of a call. */
  private record Visible<A>(
      StreamObserver<A> client, Function<A, ResponseHeader> header, RevisionWaiters waiters)
      implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {
      waiters.await(
          header.apply(answer).getRevision(),
          () -> {
            client.onNext(answer);
            client.onCompleted();
          },
          // The leader has done it: whatever the reason, nothing may be said that sounds as if not.
          status -> client.onError(EtcdStatus.TIMED_OUT.exception()));
    }

    @Override
    public void onError(Throwable fault) {
      client.onError(fault);
    }

    @Override
    public void onCompleted() {
      // onNext has ended the call, or will when the revision is reached.
    }
  }
}
