// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.mvcc.StoreView;
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
 * memory is, other reads go to the readers, writes to whoever takes them. What can be said against
 * a request without looking at the data is said here.
 */
public final class KvService implements BindableService {
  /** Answers up to this size are not counted against the budget. */
  static final int UNCOUNTED_BYTES = 4 * 1024;

  private final StoreView store;
  private final ResponseHeaders headers;
  private final ServiceLimits limits;
  private final Requests requests;
  private final Reads reads;
  private final KvWrites writes;

  /** Makes the service; all collaborators stay the caller's. */
  public KvService(
      StoreView store,
      ResponseHeaders headers,
      ServiceLimits limits,
      Reads reads,
      KvWrites writes) {
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
        .addMethod(KVGrpc.getCompactMethod(), ServerCalls.asyncUnaryCall(writes::compact))
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
      readLater(
          observer,
          caller,
          query.serializable(),
          send -> new RangeStep(store, headers, query, send));
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
      StreamObserver<T> observer,
      Caller caller,
      boolean serializable,
      Function<Consumer<T>, ReadStep> step) {
    Reply<T> reply = Reply.to(observer);
    ReadTask task = new ReadTask(reads, caller, step.apply(reply::send), reply::refuse);
    reply.onEnd(task::onCallEnded);
    task.start(serializable);
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
    } else {
      writes.put(request, observer, caller);
    }
  }

  private void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller) {
    EtcdStatus fault = requests.check(request);
    if (fault != null) {
      observer.onError(fault.exception());
    } else {
      writes.deleteRange(request, observer, caller);
    }
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
      readLater(
          observer,
          caller,
          TxnReadStep.isSerializable(txn),
          send -> new TxnReadStep(store, headers, txn, send));
      return;
    }
    fault = requests.checkSize(request);
    if (fault != null) {
      observer.onError(fault.exception());
    } else {
      writes.txn(request, txn, observer, caller);
    }
  }
}
