// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a {@code WatchResponse} says, with no more of its events than the stamp that begins each
 * value.
 *
 * @param created whether this answers the creation of the watch
 * @param canceled whether the server has ended the watch
 * @param reason why it has; empty if it has not
 * @param watch the number of the watch on its stream
 * @param revisions one number per event: the revision of the change; nobody changes the array
 * @param stamps one number per event: the first eight bytes of its value, most significant first,
 *     or 0 for a value that is shorter; nobody changes the array
 */
public record WatchTally(
    boolean created, boolean canceled, String reason, long watch, long[] revisions, long[] stamps) {
  private static final int FEW = 4;

  /** Reads a response up to the end of {@code in}. */
  static WatchTally read(CodedInputStream in) throws IOException {
    boolean created = false;
    boolean canceled = false;
    String reason = "";
    long watch = 0;
    long[] revisions = new long[FEW];
    long[] stamps = new long[FEW];
    int events = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case WatchResponse.WATCH_ID_FIELD_NUMBER -> watch = in.readInt64();
        case WatchResponse.CREATED_FIELD_NUMBER -> created = in.readBool();
        case WatchResponse.CANCELED_FIELD_NUMBER -> canceled = in.readBool();
        case WatchResponse.CANCEL_REASON_FIELD_NUMBER -> reason = in.readStringRequireUtf8();
        case WatchResponse.EVENTS_FIELD_NUMBER -> {
          if (events == stamps.length) {
            stamps = Arrays.copyOf(stamps, 2 * events);
            revisions = Arrays.copyOf(revisions, 2 * events);
          }
          readEvent(in, revisions, stamps, events++);
        }
        default -> in.skipField(tag);
      }
    }
    return new WatchTally(
        created,
        canceled,
        reason,
        watch,
        Arrays.copyOf(revisions, events),
        Arrays.copyOf(stamps, events));
  }

  private static void readEvent(CodedInputStream in, long[] revisions, long[] stamps, int place)
      throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == Event.KV_FIELD_NUMBER) {
        readKeyValue(in, revisions, stamps, place);
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
  }

  private static void readKeyValue(CodedInputStream in, long[] revisions, long[] stamps, int place)
      throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case KeyValue.MOD_REVISION_FIELD_NUMBER -> revisions[place] = in.readInt64();
        case KeyValue.VALUE_FIELD_NUMBER -> {
          int length = in.readRawVarint32();
          if (length >= Long.BYTES) {
            stamps[place] = Long.reverseBytes(in.readRawLittleEndian64());
            length -= Long.BYTES;
          }
          in.skipRawBytes(length);
        }
        default -> in.skipField(tag);
      }
    }
    in.popLimit(outer);
  }
}
