// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;

/** The transactions that kube-apiserver sends. */
public final class Txns {

  private Txns() {}

  /** Puts a key that must not exist. */
  public static TxnRequest create(ByteString key, ByteString value) {
    return TxnRequest.newBuilder()
        .addCompare(modRevision(key, 0))
        .addSuccess(put(key, value))
        .build();
  }

  /** Puts a key that must not exist, with a lease. */
  static TxnRequest create(ByteString key, ByteString value, long lease) {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease);
    return TxnRequest.newBuilder()
        .addCompare(modRevision(key, 0))
        .addSuccess(RequestOp.newBuilder().setRequestPut(put))
        .build();
  }

  /** Puts a key that must still be as written at a revision; reads it otherwise. */
  static TxnRequest update(ByteString key, long revision, ByteString value) {
    return TxnRequest.newBuilder()
        .addCompare(modRevision(key, revision))
        .addSuccess(put(key, value))
        .addFailure(get(key))
        .build();
  }

  /** Deletes a key that must still be as written at a revision; reads it otherwise. */
  static TxnRequest delete(ByteString key, long revision) {
    RequestOp delete =
        RequestOp.newBuilder()
            .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
            .build();
    return TxnRequest.newBuilder()
        .addCompare(modRevision(key, revision))
        .addSuccess(delete)
        .addFailure(get(key))
        .build();
  }

  /**
   * The revision at which a key was last written, as the answer to an update of it says; 0 if it is
   * not there.
   */
  static long presentRevision(TxnResponse answer) {
    if (answer.getSucceeded()) {
      return answer.getHeader().getRevision();
    }
    RangeResponse read =
        answer.getResponsesCount() == 1
            ? answer.getResponses(0).getResponseRange()
            : RangeResponse.getDefaultInstance();
    return read.getKvsCount() == 1 ? read.getKvs(0).getModRevision() : 0;
  }

  private static Compare modRevision(ByteString key, long revision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(revision)
        .build();
  }

  /** A put within a transaction. */
  static RequestOp put(ByteString key, ByteString value) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value))
        .build();
  }

  private static RequestOp get(ByteString key) {
    return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)).build();
  }
}
