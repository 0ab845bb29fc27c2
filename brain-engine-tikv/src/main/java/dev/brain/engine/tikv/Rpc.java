// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import java.util.function.Function;
import java.util.function.Predicate;
import org.tikv.kvproto.Errorpb;
import org.tikv.kvproto.Kvrpcpb;
import org.tikv.kvproto.TikvGrpc;
import org.tikv.shade.io.grpc.MethodDescriptor;

/**
 * A kind of request to a region.
 *
 * @param isRefused whether an answer says that the region could not serve
 * @param refusal the reason, if so
 */
record Rpc<Q, R>(
    MethodDescriptor<Q, R> method, Predicate<R> isRefused, Function<R, Errorpb.Error> refusal) {

  static final Rpc<Kvrpcpb.GetRequest, Kvrpcpb.GetResponse> GET =
      new Rpc<>(
          TikvGrpc.getKvGetMethod(),
          Kvrpcpb.GetResponse::hasRegionError,
          Kvrpcpb.GetResponse::getRegionError);
  static final Rpc<Kvrpcpb.BatchGetRequest, Kvrpcpb.BatchGetResponse> BATCH_GET =
      new Rpc<>(
          TikvGrpc.getKvBatchGetMethod(),
          Kvrpcpb.BatchGetResponse::hasRegionError,
          Kvrpcpb.BatchGetResponse::getRegionError);
  static final Rpc<Kvrpcpb.ScanRequest, Kvrpcpb.ScanResponse> SCAN =
      new Rpc<>(
          TikvGrpc.getKvScanMethod(),
          Kvrpcpb.ScanResponse::hasRegionError,
          Kvrpcpb.ScanResponse::getRegionError);
  static final Rpc<Kvrpcpb.PrewriteRequest, Kvrpcpb.PrewriteResponse> PREWRITE =
      new Rpc<>(
          TikvGrpc.getKvPrewriteMethod(),
          Kvrpcpb.PrewriteResponse::hasRegionError,
          Kvrpcpb.PrewriteResponse::getRegionError);
  static final Rpc<Kvrpcpb.CommitRequest, Kvrpcpb.CommitResponse> COMMIT =
      new Rpc<>(
          TikvGrpc.getKvCommitMethod(),
          Kvrpcpb.CommitResponse::hasRegionError,
          Kvrpcpb.CommitResponse::getRegionError);
  static final Rpc<Kvrpcpb.CheckTxnStatusRequest, Kvrpcpb.CheckTxnStatusResponse> CHECK_STATUS =
      new Rpc<>(
          TikvGrpc.getKvCheckTxnStatusMethod(),
          Kvrpcpb.CheckTxnStatusResponse::hasRegionError,
          Kvrpcpb.CheckTxnStatusResponse::getRegionError);
  static final Rpc<Kvrpcpb.ResolveLockRequest, Kvrpcpb.ResolveLockResponse> RESOLVE_LOCK =
      new Rpc<>(
          TikvGrpc.getKvResolveLockMethod(),
          Kvrpcpb.ResolveLockResponse::hasRegionError,
          Kvrpcpb.ResolveLockResponse::getRegionError);
  static final Rpc<Kvrpcpb.ScanLockRequest, Kvrpcpb.ScanLockResponse> SCAN_LOCK =
      new Rpc<>(
          TikvGrpc.getKvScanLockMethod(),
          Kvrpcpb.ScanLockResponse::hasRegionError,
          Kvrpcpb.ScanLockResponse::getRegionError);
}
