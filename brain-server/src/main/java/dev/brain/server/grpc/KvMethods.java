// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.TxnResponse;
import io.grpc.MethodDescriptor;

/** The methods of the KV service that are not marshalled as protobuf does it. */
final class KvMethods {
  private static final EncodedMessageMarshaller<RangeMessage> RANGE_ANSWERS =
      new EncodedMessageMarshaller<>();

  private KvMethods() {}

  static MethodDescriptor<RangeRequest, RangeMessage> range() {
    MethodDescriptor<RangeRequest, ?> method = KVGrpc.getRangeMethod();
    return method.toBuilder(method.getRequestMarshaller(), RANGE_ANSWERS).build();
  }

  static MethodDescriptor<RangeRequest, RangeMessage> rangeStream() {
    MethodDescriptor<RangeRequest, ?> method = KVGrpc.getRangeStreamMethod();
    return method.toBuilder(method.getRequestMarshaller(), RANGE_ANSWERS).build();
  }

  static MethodDescriptor<ReceivedTxn, TxnResponse> txn(ServiceLimits limits) {
    MethodDescriptor<?, TxnResponse> method = KVGrpc.getTxnMethod();
    return method.toBuilder(
            new TxnMarshaller(limits.maxTxnOperations()), method.getResponseMarshaller())
        .build();
  }
}
