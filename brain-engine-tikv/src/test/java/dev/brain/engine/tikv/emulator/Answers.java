// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.function.Function;
import org.tikv.kvproto.Errorpb;
import org.tikv.kvproto.Kvrpcpb.BatchGetResponse;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackResponse;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusResponse;
import org.tikv.kvproto.Kvrpcpb.CleanupResponse;
import org.tikv.kvproto.Kvrpcpb.CommitResponse;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.KeyError;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.kvproto.Kvrpcpb.ResolveLockResponse;
import org.tikv.kvproto.Kvrpcpb.ScanLockResponse;
import org.tikv.kvproto.Kvrpcpb.ScanResponse;
import org.tikv.kvproto.Kvrpcpb.SplitRegionResponse;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatResponse;

/** How the answer of a method tells that it failed. */
record Answers<A>(Function<Errorpb.Error, A> regionError, Function<KeyError, A> keyError) {
  static final Answers<GetResponse> GET =
      new Answers<>(
          error -> GetResponse.newBuilder().setRegionError(error).build(),
          error -> GetResponse.newBuilder().setError(error).build());

  static final Answers<BatchGetResponse> BATCH_GET =
      new Answers<>(
          error -> BatchGetResponse.newBuilder().setRegionError(error).build(),
          error -> BatchGetResponse.newBuilder().setError(error).build());

  static final Answers<ScanResponse> SCAN =
      new Answers<>(
          error -> ScanResponse.newBuilder().setRegionError(error).build(),
          error -> ScanResponse.newBuilder().setError(error).build());

  static final Answers<PrewriteResponse> PREWRITE =
      new Answers<>(
          error -> PrewriteResponse.newBuilder().setRegionError(error).build(),
          error -> PrewriteResponse.newBuilder().addErrors(error).build());

  static final Answers<CommitResponse> COMMIT =
      new Answers<>(
          error -> CommitResponse.newBuilder().setRegionError(error).build(),
          error -> CommitResponse.newBuilder().setError(error).build());

  static final Answers<BatchRollbackResponse> ROLLBACK =
      new Answers<>(
          error -> BatchRollbackResponse.newBuilder().setRegionError(error).build(),
          error -> BatchRollbackResponse.newBuilder().setError(error).build());

  static final Answers<CleanupResponse> CLEANUP =
      new Answers<>(
          error -> CleanupResponse.newBuilder().setRegionError(error).build(),
          error -> CleanupResponse.newBuilder().setError(error).build());

  static final Answers<CheckTxnStatusResponse> STATUS =
      new Answers<>(
          error -> CheckTxnStatusResponse.newBuilder().setRegionError(error).build(),
          error -> CheckTxnStatusResponse.newBuilder().setError(error).build());

  static final Answers<ResolveLockResponse> RESOLVE =
      new Answers<>(
          error -> ResolveLockResponse.newBuilder().setRegionError(error).build(),
          error -> ResolveLockResponse.newBuilder().setError(error).build());

  static final Answers<TxnHeartBeatResponse> HEART_BEAT =
      new Answers<>(
          error -> TxnHeartBeatResponse.newBuilder().setRegionError(error).build(),
          error -> TxnHeartBeatResponse.newBuilder().setError(error).build());

  static final Answers<ScanLockResponse> SCAN_LOCKS =
      new Answers<>(
          error -> ScanLockResponse.newBuilder().setRegionError(error).build(),
          error -> ScanLockResponse.newBuilder().setError(error).build());

  static final Answers<SplitRegionResponse> SPLIT =
      new Answers<>(
          error -> SplitRegionResponse.newBuilder().setRegionError(error).build(),
          error -> {
            throw new IllegalStateException("a split does not look at keys: " + error);
          });
}
