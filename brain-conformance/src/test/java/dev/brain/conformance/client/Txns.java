// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import dev.brain.proto.etcdserverpb.Compare;
import dev.brain.proto.etcdserverpb.Compare.CompareResult;
import dev.brain.proto.etcdserverpb.Compare.CompareTarget;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;

/** Short ways to say the parts of a txn. */
public final class Txns {
  private Txns() {}

  /** A txn that does {@code ops}. */
  public static TxnRequest.Builder then(RequestOp... ops) {
    return TxnRequest.newBuilder().addAllSuccess(java.util.List.of(ops));
  }

  /** A txn that does {@code success} if {@code compare} holds. */
  public static TxnRequest.Builder when(Compare compare, RequestOp... success) {
    return then(success).addCompare(compare);
  }

  /** A compare that always holds: no key has version -1. */
  public static Compare yes() {
    return Compare.newBuilder()
        .setKey(Requests.bytes("always"))
        .setTarget(CompareTarget.VERSION)
        .setResult(CompareResult.NOT_EQUAL)
        .setVersion(-1)
        .build();
  }

  /** A compare that never holds. */
  public static Compare no() {
    return yes().toBuilder().setResult(CompareResult.EQUAL).build();
  }

  /** An op of a call to Range, Put, DeleteRange or Txn. */
  public static RequestOp op(Call<?, ?> call) {
    RequestOp.Builder op = RequestOp.newBuilder();
    switch (call.request()) {
      case RangeRequest range -> op.setRequestRange(range);
      case PutRequest put -> op.setRequestPut(put);
      case DeleteRangeRequest delete -> op.setRequestDeleteRange(delete);
      case TxnRequest txn -> op.setRequestTxn(txn);
      default -> throw new IllegalArgumentException(call + " cannot be an op");
    }
    return op.build();
  }

  /** An op that puts. */
  public static RequestOp put(String key, String value) {
    return op(Requests.put(key, value));
  }

  /** An op that deletes one key, or {@code [key, end)} when {@code end} is not empty. */
  public static RequestOp delete(String key, String end) {
    return op(Requests.delete(key, end));
  }

  /** An op that reads one key. */
  public static RequestOp get(String key) {
    return op(Requests.range(key));
  }

  /** An op that runs a txn. */
  public static RequestOp nested(TxnRequest.Builder txn) {
    return op(Requests.txn(txn));
  }

  /** {@code op} any number of times. */
  public static RequestOp[] times(int count, RequestOp op) {
    RequestOp[] ops = new RequestOp[count];
    java.util.Arrays.fill(ops, op);
    return ops;
  }
}
