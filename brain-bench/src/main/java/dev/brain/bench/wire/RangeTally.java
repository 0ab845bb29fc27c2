// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.mvccpb.KeyValue;
import java.io.IOException;

/**
 * What a {@code RangeResponse} says, without its values: they are skipped and not copied, so that a
 * long list costs the client little beside what it costs the server.
 *
 * @param keys how many key-values the response carries
 * @param lastKey the key of the last of them; empty if there is none
 * @param more whether keys were left out for the limit
 * @param count how many keys the whole range has, as the server says
 * @param revision the revision of the header; 0 if there is no header
 */
public record RangeTally(int keys, ByteString lastKey, boolean more, long count, long revision) {

  /** Reads a response up to the end of {@code in} or its limit. */
  static RangeTally read(CodedInputStream in) throws IOException {
    int keys = 0;
    ByteString lastKey = ByteString.EMPTY;
    boolean more = false;
    long count = 0;
    long revision = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case RangeResponse.HEADER_FIELD_NUMBER -> revision = readRevision(in);
        case RangeResponse.KVS_FIELD_NUMBER -> {
          lastKey = readKey(in);
          keys++;
        }
        case RangeResponse.MORE_FIELD_NUMBER -> more = in.readBool();
        case RangeResponse.COUNT_FIELD_NUMBER -> count = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new RangeTally(keys, lastKey, more, count, revision);
  }

  private static long readRevision(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    long revision = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == ResponseHeader.REVISION_FIELD_NUMBER) {
        revision = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return revision;
  }

  private static ByteString readKey(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    ByteString key = ByteString.EMPTY;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == KeyValue.KEY_FIELD_NUMBER) {
        key = in.readBytes();
        in.skipRawBytes(in.getBytesUntilLimit());
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return key;
  }
}
