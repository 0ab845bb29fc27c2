// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.tikv.kvproto.Errorpb;
import org.tikv.kvproto.Kvrpcpb.BatchGetRequest;
import org.tikv.kvproto.Kvrpcpb.BatchGetResponse;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackRequest;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackResponse;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusRequest;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusResponse;
import org.tikv.kvproto.Kvrpcpb.CleanupRequest;
import org.tikv.kvproto.Kvrpcpb.CleanupResponse;
import org.tikv.kvproto.Kvrpcpb.CommitRequest;
import org.tikv.kvproto.Kvrpcpb.CommitResponse;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.kvproto.Kvrpcpb.ResolveLockRequest;
import org.tikv.kvproto.Kvrpcpb.ResolveLockResponse;
import org.tikv.kvproto.Kvrpcpb.ScanLockRequest;
import org.tikv.kvproto.Kvrpcpb.ScanLockResponse;
import org.tikv.kvproto.Kvrpcpb.ScanRequest;
import org.tikv.kvproto.Kvrpcpb.ScanResponse;
import org.tikv.kvproto.Kvrpcpb.SplitRegionRequest;
import org.tikv.kvproto.Kvrpcpb.SplitRegionResponse;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatRequest;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatResponse;
import org.tikv.kvproto.TikvGrpc;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.shade.com.google.protobuf.Message;
import org.tikv.shade.io.grpc.stub.StreamObserver;

/** One store: answers for the regions it leads, and for no others. Thread-safe. */
final class StoreService extends TikvGrpc.TikvImplBase {
  /** TiKV's {@code raft-entry-max-size}; a larger write cannot be replicated. */
  private static final int MAX_WRITE_BYTES = 8 << 20;

  private final Cluster cluster;
  private final Delivery delivery;
  private final int store;
  private final int front;

  StoreService(Cluster cluster, Delivery delivery, int store, int front) {
    this.cluster = cluster;
    this.delivery = delivery;
    this.store = store;
    this.front = front;
  }

  @Override
  public void kvGet(GetRequest request, StreamObserver<GetResponse> caller) {
    deliver(
        call("KvGet", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(request.getKey()),
            Answers.GET,
            region -> cluster.reader.get(request)));
  }

  @Override
  public void kvBatchGet(BatchGetRequest request, StreamObserver<BatchGetResponse> caller) {
    deliver(
        call("KvBatchGet", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getKeysList(),
            Answers.BATCH_GET,
            region -> cluster.reader.batchGet(request)));
  }

  @Override
  public void kvScan(ScanRequest request, StreamObserver<ScanResponse> caller) {
    deliver(
        call("KvScan", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(),
            Answers.SCAN,
            region -> cluster.reader.scan(region, request)));
  }

  @Override
  public void kvPrewrite(PrewriteRequest request, StreamObserver<PrewriteResponse> caller) {
    deliver(
        call("KvPrewrite", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getMutationsList().stream().map(Mutation::getKey).toList(),
            Answers.PREWRITE,
            region ->
                request.getSerializedSize() > MAX_WRITE_BYTES
                    ? Answers.PREWRITE
                        .regionError()
                        .apply(RegionErrors.entryTooLarge(region.id(), request.getSerializedSize()))
                    : Prewrite.execute(cluster.rows, request)));
  }

  @Override
  public void kvCommit(CommitRequest request, StreamObserver<CommitResponse> caller) {
    deliver(
        call("KvCommit", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getKeysList(),
            Answers.COMMIT,
            region -> cluster.transactions.commit(request)));
  }

  @Override
  public void kvBatchRollback(
      BatchRollbackRequest request, StreamObserver<BatchRollbackResponse> caller) {
    deliver(
        call("KvBatchRollback", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getKeysList(),
            Answers.ROLLBACK,
            region -> cluster.transactions.rollback(request)));
  }

  @Override
  public void kvCleanup(CleanupRequest request, StreamObserver<CleanupResponse> caller) {
    deliver(
        call("KvCleanup", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(request.getKey()),
            Answers.CLEANUP,
            region -> cluster.transactions.cleanup(request)));
  }

  @Override
  public void kvCheckTxnStatus(
      CheckTxnStatusRequest request, StreamObserver<CheckTxnStatusResponse> caller) {
    deliver(
        call("KvCheckTxnStatus", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(request.getPrimaryKey()),
            Answers.STATUS,
            region -> cluster.status.check(request)));
  }

  @Override
  public void kvResolveLock(
      ResolveLockRequest request, StreamObserver<ResolveLockResponse> caller) {
    deliver(
        call("KvResolveLock", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getKeysList(),
            Answers.RESOLVE,
            region -> cluster.transactions.resolve(region, request)));
  }

  @Override
  public void kvTxnHeartBeat(
      TxnHeartBeatRequest request, StreamObserver<TxnHeartBeatResponse> caller) {
    deliver(
        call("KvTxnHeartBeat", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(request.getPrimaryLock()),
            Answers.HEART_BEAT,
            region -> cluster.transactions.heartBeat(request)));
  }

  @Override
  public void kvScanLock(ScanLockRequest request, StreamObserver<ScanLockResponse> caller) {
    deliver(
        call("KvScanLock", request),
        caller,
        new Command<>(
            request.getContext(),
            List.of(),
            Answers.SCAN_LOCKS,
            region -> cluster.transactions.scanLocks(region, request)));
  }

  @Override
  public void splitRegion(SplitRegionRequest request, StreamObserver<SplitRegionResponse> caller) {
    deliver(
        call("SplitRegion", request),
        caller,
        new Command<>(
            request.getContext(),
            request.getSplitKeysList(),
            Answers.SPLIT,
            region -> split(region, request)));
  }

  private SplitRegionResponse split(Region whole, SplitRegionRequest request) {
    request.getSplitKeysList().forEach(cluster.regions::split);
    var answer = SplitRegionResponse.newBuilder();
    for (Region region : cluster.regions.from(whole.start())) {
      if (region.id() != whole.id() && !whole.contains(region.start())) {
        break;
      }
      answer.addRegions(region.meta());
    }
    return answer.build();
  }

  private Call call(String method, Message request) {
    return new Call(method, store, front, request);
  }

  /** What to do if this store may speak for the region and all keys are in it. */
  private record Command<A>(
      Context context,
      Collection<ByteString> keys,
      Answers<A> answers,
      Function<Region, A> execution) {}

  private <A> void deliver(Call call, StreamObserver<A> caller, Command<A> command) {
    delivery.deliver(
        call,
        new Exchange<>() {
          @Override
          public A execute() {
            return cluster.exclusively(() -> StoreService.this.execute(command));
          }

          @Override
          public A refuse(Errorpb.Error error) {
            return command.answers().regionError().apply(error);
          }

          @Override
          public Region region() {
            return cluster.exclusively(() -> StoreService.this.region(command.context()));
          }
        },
        Callers.patient(caller));
  }

  private <A> A execute(Command<A> command) {
    Errorpb.Error refusal = cluster.regions.refusal(command.context(), store, command.keys());
    if (refusal != null) {
      return command.answers().regionError().apply(refusal);
    }
    try {
      return command.execution().apply(region(command.context()));
    } catch (KeyFailure failure) {
      return command.answers().keyError().apply(failure.error());
    }
  }

  private Region region(Context context) {
    Region region = cluster.regions.byId(context.getRegionId());
    return region == null ? cluster.regions.of(ByteString.EMPTY) : region;
  }
}
