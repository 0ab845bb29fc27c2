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
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.grpc.AlarmMethod;
import dev.brain.server.grpc.Caller;
import dev.brain.server.grpc.KvWrites;
import dev.brain.server.kv.Txn;
import io.grpc.stub.StreamObserver;

/** The writes of a node that follows: the leader does them. */
public record ForwardedWrites(LeaderLink leader) implements KvWrites, AlarmMethod {
  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer, Caller caller) {
    leader.forward(KVGrpc.getPutMethod(), request, observer);
  }

  @Override
  public void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller) {
    leader.forward(KVGrpc.getDeleteRangeMethod(), request, observer);
  }

  @Override
  public void txn(
      TxnRequest request, Txn txn, StreamObserver<TxnResponse> observer, Caller caller) {
    leader.forward(KVGrpc.getTxnMethod(), request, observer);
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
    leader.forward(KVGrpc.getCompactMethod(), request, observer);
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
    leader.forward(MaintenanceGrpc.getAlarmMethod(), request, observer);
  }
}
