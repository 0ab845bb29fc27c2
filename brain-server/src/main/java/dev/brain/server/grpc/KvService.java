// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.MessageLite;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.Store;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The KV service. Its methods run on the event loop and never block it: what can be answered from
 * memory is, other reads go to the readers, writes to the store's own threads.
 */
public final class KvService implements BindableService {
  /** Answers up to this size are not counted against the budget. */
  private static final int UNCOUNTED_BYTES = 4 * 1024;

  private final Store store;
  private final ResponseHeaders headers;
  private final ServiceLimits limits;
  private final Requests requests;
  private final Reads reads;
  private final WriteAdmission writes;

  /** Makes the service; all collaborators stay the caller's. */
  public KvService(
      Store store,
      ResponseHeaders headers,
      ServiceLimits limits,
      Reads reads,
      WriteAdmission writes) {
    this.store = store;
    this.headers = headers;
    this.limits = limits;
    this.requests = new Requests(limits);
    this.reads = reads;
    this.writes = writes;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(KVGrpc.SERVICE_NAME)
        .addMethod(KvMethods.range(), CallerCalls.unary(this::range))
        .addMethod(KvMethods.rangeStream(), CallerCalls.serverStreaming(this::rangeStream))
        .addMethod(KVGrpc.getPutMethod(), CallerCalls.unary(this::put))
        .addMethod(KVGrpc.getDeleteRangeMethod(), CallerCalls.unary(this::deleteRange))
        .addMethod(KvMethods.txn(limits), CallerCalls.unary(this::txn))
        .addMethod(KVGrpc.getCompactMethod(), ServerCalls.asyncUnaryCall(this::compact))
        .build();
  }

  private void range(RangeRequest request, StreamObserver<RangeMessage> observer, Caller caller) {
    EtcdStatus fault = requests.check(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    RangeQuery query = Protos.query(request);
    RangeResult known;
    try {
      known = store.rangeQuickly(query);
    } catch (FailureException e) {
      observer.onError(EtcdStatus.of(e.failure()).exception());
      return;
    }
    if (known == null) {
      readLater(observer, caller, send -> new RangeStep(store, headers, query, send));
      return;
    }
    RangeMessage message = RangeMessage.of(headers.at(known.revision()), known);
    if (message.size() <= UNCOUNTED_BYTES) {
      Reply.to(observer).send(message);
    } else if (reads.budget().tryReserveSingle(message.size())) {
      Charge charge = new Charge(reads.budget());
      charge.take(message.size());
      Reply<RangeMessage> reply = Reply.to(observer);
      reply.onEnd(charge::end);
      reply.send(message);
    } else {
      observer.onError(EtcdStatus.TOO_MANY_REQUESTS.exception());
    }
  }

  private <T> void readLater(
      StreamObserver<T> observer, Caller caller, Function<Consumer<T>, ReadStep> step) {
    Reply<T> reply = Reply.to(observer);
    ReadTask task = new ReadTask(reads, caller, step.apply(reply::send), reply::refuse);
    reply.onEnd(task::onCallEnded);
    task.start();
  }

  private void rangeStream(
      RangeRequest request, StreamObserver<RangeMessage> observer, Caller caller) {
    EtcdStatus fault = requests.checkStream(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    new RangeStream(
            store,
            headers,
            reads,
            limits.maxRequestBytes(),
            Protos.query(request),
            caller,
            (ServerCallStreamObserver<RangeMessage>) observer)
        .start();
  }

  private void put(PutRequest request, StreamObserver<PutResponse> observer, Caller caller) {
    EtcdStatus fault = requests.check(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    write(
        Txn.of(Protos.put(request)),
        caller,
        counted(
            observer,
            result -> Protos.put(headers.at(result.revision()), only(OpResult.Put.class, result))));
  }

  private void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller) {
    EtcdStatus fault = requests.check(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    write(
        Txn.of(Protos.delete(request)),
        caller,
        counted(
            observer,
            result ->
                Protos.delete(headers.at(result.revision()), only(OpResult.Delete.class, result))));
  }

  private void txn(ReceivedTxn received, StreamObserver<TxnResponse> observer, Caller caller) {
    Status unreadable = received.fault();
    if (unreadable != null) {
      observer.onError(new EtcdException(unreadable));
      return;
    }
    TxnRequest request = received.request();
    EtcdStatus fault = requests.check(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    Txn txn = Protos.txn(request);
    if (txn.isReadOnly()) {
      readLater(observer, caller, send -> new TxnReadStep(store, headers, txn, send));
      return;
    }
    fault = requests.checkSize(request);
    if (fault != null) {
      observer.onError(fault.exception());
      return;
    }
    write(
        txn,
        caller,
        counted(observer, result -> Protos.txn(headers.at(result.revision()), result)));
  }

  private void write(Txn txn, Caller caller, Completion<TxnResult> answer) {
    writes.run(caller.connection(), answer, admitted -> store.txn(txn, admitted));
  }

  /** Answers a write; its answer is counted, but not held up: the write has happened. */
  private <T extends MessageLite> Completion<TxnResult> counted(
      StreamObserver<T> observer, Function<TxnResult, T> answer) {
    Reply<T> reply = Reply.to(observer);
    Charge charge = new Charge(reads.budget());
    reply.onEnd(charge::end);
    return reply.completion(
        result -> {
          T message = answer.apply(result);
          int bytes = message.getSerializedSize();
          if (bytes > UNCOUNTED_BYTES) {
            charge.add(bytes);
          }
          return message;
        });
  }

  private static <R extends OpResult> R only(Class<R> kind, TxnResult result) {
    return kind.cast(result.results().getFirst());
  }

  private void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
    store.compact(
        request.getRevision(),
        request.getPhysical(),
        Reply.to(observer)
            .completion(
                revision ->
                    CompactionResponse.newBuilder().setHeader(headers.at(revision)).build()));
  }
}
