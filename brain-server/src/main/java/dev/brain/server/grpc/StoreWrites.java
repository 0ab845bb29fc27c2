// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.MessageLite;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.Store;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** The writes of the node that leads: its store decides them. */
public final class StoreWrites implements KvWrites {
  private final Store store;
  private final ResponseHeaders headers;
  private final ResponseBudget budget;
  private final WriteAdmission admission;

  /**
   * Writes to a store.
   *
   * @param budget counts the answers in memory
   * @param admission lets writes in
   */
  public StoreWrites(
      Store store, ResponseHeaders headers, ResponseBudget budget, WriteAdmission admission) {
    this.store = store;
    this.headers = headers;
    this.budget = budget;
    this.admission = admission;
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer, Caller caller) {
    write(
        Txn.of(Protos.put(request)),
        caller,
        counted(
            observer,
            result -> Protos.put(headers.at(result.revision()), only(OpResult.Put.class, result))));
  }

  @Override
  public void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller) {
    write(
        Txn.of(Protos.delete(request)),
        caller,
        counted(
            observer,
            result ->
                Protos.delete(headers.at(result.revision()), only(OpResult.Delete.class, result))));
  }

  @Override
  public void txn(
      TxnRequest request, Txn txn, StreamObserver<TxnResponse> observer, Caller caller) {
    write(
        txn,
        caller,
        counted(observer, result -> Protos.txn(headers.at(result.revision()), result)));
  }

  private void write(Txn txn, Caller caller, Completion<TxnResult> answer) {
    admission.run(caller.connection(), answer, admitted -> store.txn(txn, admitted));
  }

  /** Answers a write; its answer is counted, but not held up: the write has happened. */
  private <T extends MessageLite> Completion<TxnResult> counted(
      StreamObserver<T> observer, Function<TxnResult, T> answer) {
    Reply<T> reply = Reply.to(observer);
    Charge charge = new Charge(budget);
    reply.onEnd(charge::end);
    return reply.completion(
        result -> {
          T message = answer.apply(result);
          int bytes = message.getSerializedSize();
          if (bytes > KvService.UNCOUNTED_BYTES) {
            charge.add(bytes);
          }
          return message;
        });
  }

  private static <R extends OpResult> R only(Class<R> kind, TxnResult result) {
    return kind.cast(result.results().getFirst());
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
    store.compact(
        request.getRevision(),
        request.getPhysical(),
        Reply.to(observer)
            .completion(
                revision ->
                    CompactionResponse.newBuilder().setHeader(headers.at(revision)).build()));
  }
}
