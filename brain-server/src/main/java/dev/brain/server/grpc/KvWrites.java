// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.CompactionResponse;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.DeleteRangeResponse;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import dev.brain.server.kv.Txn;
import io.grpc.stub.StreamObserver;

/**
 * Takes the writes of the KV service, whose requests have passed the static checks. Called on the
 * event loop; never blocks.
 */
public interface KvWrites {
  /** Puts. */
  void put(PutRequest request, StreamObserver<PutResponse> observer, Caller caller);

  /** Deletes. */
  void deleteRange(
      DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer, Caller caller);

  /**
   * Runs a transaction that may write.
   *
   * @param txn the same as the request
   */
  void txn(TxnRequest request, Txn txn, StreamObserver<TxnResponse> observer, Caller caller);

  /** Compacts. */
  void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer);
}
