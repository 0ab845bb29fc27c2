// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.DeleteRangeRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RequestOp;
import dev.brain.proto.etcdserverpb.TxnRequest;

/** Short ways to write requests. */
final class WireRequests {
  private WireRequests() {}

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static PutRequest put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  static RangeRequest get(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  static RangeRequest list(String key, String end) {
    return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)).build();
  }

  static DeleteRangeRequest delete(String key, String end) {
    return DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)).build();
  }

  static RequestOp op(PutRequest put) {
    return RequestOp.newBuilder().setRequestPut(put).build();
  }

  static RequestOp op(RangeRequest range) {
    return RequestOp.newBuilder().setRequestRange(range).build();
  }

  static RequestOp op(DeleteRangeRequest delete) {
    return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
  }

  static RequestOp op(TxnRequest txn) {
    return RequestOp.newBuilder().setRequestTxn(txn).build();
  }
}
