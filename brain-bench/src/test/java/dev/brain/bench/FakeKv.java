// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.ResponseOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.proto.mvccpb.KeyValue;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Ranges, deletes, and transactions that compare revisions. */
final class FakeKv extends KVGrpc.KVImplBase {
  private static final int PART = 2;

  private final FakeStore store;
  private final FakeLease leases;

  FakeKv(FakeStore store, FakeLease leases) {
    this.store = store;
    this.leases = leases;
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
    synchronized (store) {
      answer.onNext(range(request));
    }
    answer.onCompleted();
  }

  /** A few keys per message. */
  @Override
  public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> answer) {
    synchronized (store) {
      RangeResponse whole = range(request);
      for (int from = 0; from < whole.getKvsCount(); from += PART) {
        int to = Math.min(whole.getKvsCount(), from + PART);
        RangeResponse part =
            RangeResponse.newBuilder().addAllKvs(whole.getKvsList().subList(from, to)).build();
        answer.onNext(RangeStreamResponse.newBuilder().setRangeResponse(part).build());
      }
    }
    answer.onCompleted();
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> answer) {
    int deleted = store.delete(request.getKey(), request.getRangeEnd());
    answer.onNext(DeleteRangeResponse.newBuilder().setDeleted(deleted).build());
    answer.onCompleted();
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> answer) {
    if (store.refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      if (store.appliesRefused.get()) {
        synchronized (store) {
          apply(request);
        }
      }
      answer.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("etcdserver: too many requests")
              .asRuntimeException());
      return;
    }
    synchronized (store) {
      answer.onNext(apply(request));
    }
    answer.onCompleted();
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> answer) {
    synchronized (store) {
      store.put(request.getKey(), request.getValue());
      leases.attach(request.getLease(), request.getKey());
    }
    answer.onNext(PutResponse.newBuilder().setHeader(header()).build());
    answer.onCompleted();
  }

  /** There is nothing to be compacted. */
  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> answer) {
    answer.onNext(CompactionResponse.newBuilder().setHeader(header()).build());
    answer.onCompleted();
  }

  private TxnResponse apply(TxnRequest request) {
    boolean holds =
        request.getCompareList().stream()
            .allMatch(c -> store.modRevision(c.getKey()) == c.getModRevision());
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(holds);
    List<RequestOp> operations = holds ? request.getSuccessList() : request.getFailureList();
    for (RequestOp operation : operations) {
      ResponseOp.Builder result = response.addResponsesBuilder();
      if (operation.hasRequestPut()) {
        store.put(operation.getRequestPut().getKey(), operation.getRequestPut().getValue());
      } else if (operation.hasRequestRange()) {
        result.setResponseRange(range(operation.getRequestRange()));
      } else {
        DeleteRangeRequest delete = operation.getRequestDeleteRange();
        store.delete(delete.getKey(), delete.getRangeEnd());
      }
    }
    return response.setHeader(header()).build();
  }

  private RangeResponse range(RangeRequest request) {
    List<KeyValue> found =
        List.copyOf(store.range(request.getKey(), request.getRangeEnd()).values());
    int limit = request.getLimit() == 0 ? found.size() : (int) request.getLimit();
    int shown = request.getCountOnly() ? 0 : Math.min(found.size(), limit);
    return RangeResponse.newBuilder()
        .setHeader(header())
        .addAllKvs(found.subList(0, shown))
        .setCount(found.size())
        .setMore(!request.getCountOnly() && shown < found.size())
        .build();
  }

  private ResponseHeader header() {
    return ResponseHeader.newBuilder().setRevision(store.revision()).build();
  }
}
