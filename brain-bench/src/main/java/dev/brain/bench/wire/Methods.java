// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import io.grpc.MethodDescriptor;
import java.io.IOException;

/** Methods of the API whose answers are large, with answers that are tallied and not parsed. */
public final class Methods {
  /** {@code KV.Range}. */
  public static final MethodDescriptor<RangeRequest, RangeTally> RANGE =
      tallied(KVGrpc.getRangeMethod(), RangeTally::read);

  /** {@code KV.RangeStream}, which etcd has from 3.7; one tally per message. */
  public static final MethodDescriptor<RangeRequest, RangeTally> RANGE_STREAM =
      tallied(KVGrpc.getRangeStreamMethod(), Methods::readRangeStream);

  /** {@code Watch.Watch}. */
  public static final MethodDescriptor<WatchRequest, WatchTally> WATCH =
      tallied(WatchGrpc.getWatchMethod(), WatchTally::read);

  private Methods() {}

  private static <Q, T> MethodDescriptor<Q, T> tallied(
      MethodDescriptor<Q, ?> method, TallyMarshaller.Reader<T> reader) {
    return method.toBuilder(method.getRequestMarshaller(), new TallyMarshaller<>(reader)).build();
  }

  private static RangeTally readRangeStream(CodedInputStream in) throws IOException {
    RangeTally tally = new RangeTally(0, ByteString.EMPTY, false, 0, 0);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == RangeStreamResponse.RANGE_RESPONSE_FIELD_NUMBER) {
        int outer = in.pushLimit(in.readRawVarint32());
        tally = RangeTally.read(in);
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
    return tally;
  }
}
