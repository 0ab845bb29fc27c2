// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final ResponseHeader HEADER =
      ResponseHeader.newBuilder()
          .setClusterId(-1)
          .setMemberId(7)
          .setRevision(123_456_789_012L)
          .setRaftTerm(9)
          .build();

  @Test
  void range_withKeys_countsThemAndKeepsTheLast() {
    RangeResponse response =
        RangeResponse.newBuilder()
            .setHeader(HEADER)
            .addKvs(keyValue("a", new byte[3000]))
            .addKvs(keyValue("b", new byte[0]))
            .addKvs(keyValue("c", new byte[100_000]))
            .setMore(true)
            .setCount(17)
            .build();
    RangeTally expected =
        new RangeTally(3, ByteString.copyFromUtf8("c"), true, 17, 123_456_789_012L);
    assertThat(read(Methods.RANGE, response)).isEqualTo(expected);
    assertThat(
            read(
                Methods.RANGE_STREAM,
                RangeStreamResponse.newBuilder().setRangeResponse(response).build()))
        .isEqualTo(expected);
  }

  @Test
  void range_empty_isAllZero() {
    assertThat(read(Methods.RANGE, RangeResponse.getDefaultInstance()))
        .isEqualTo(new RangeTally(0, ByteString.EMPTY, false, 0, 0));
  }

  @Test
  void range_otherBytes_isRefused() {
    var garbage = new ByteArrayInputStream(new byte[] {0x12, 0x7f, 1});
    assertThatThrownBy(() -> Methods.RANGE.parseResponse(garbage))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("INTERNAL");
  }

  @Test
  void watch_withEvents_readsTheStampOfEach() {
    WatchResponse.Builder response = WatchResponse.newBuilder().setHeader(HEADER).setWatchId(3);
    for (int i = 0; i < 9; i++) {
      byte[] value = ByteBuffer.allocate(20).putLong(Long.MIN_VALUE + i).array();
      response.addEvents(
          Event.newBuilder().setKv(keyValue("k", value)).setPrevKv(keyValue("k", new byte[50])));
    }
    response.addEvents(
        Event.newBuilder().setType(Event.EventType.DELETE).setKv(keyValue("k", new byte[7])));
    WatchTally tally = read(Methods.WATCH, response.build());
    assertThat(tally.created()).isFalse();
    assertThat(tally.canceled()).isFalse();
    assertThat(tally.stamps()).hasSize(10).endsWith(Long.MIN_VALUE + 8, 0L);
    assertThat(tally.revisions()).hasSize(10).containsOnly(6);
    assertThat(tally.watch()).isEqualTo(3);
  }

  @Test
  void watch_canceled_hasTheReason() {
    WatchTally tally =
        read(
            Methods.WATCH,
            WatchResponse.newBuilder().setCanceled(true).setCancelReason("compacted").build());
    assertThat(tally.canceled()).isTrue();
    assertThat(tally.reason()).isEqualTo("compacted");
    assertThat(tally.stamps()).isEmpty();
  }

  private static KeyValue keyValue(String key, byte[] value) {
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setCreateRevision(5)
        .setModRevision(6)
        .setVersion(2)
        .setValue(ByteString.copyFrom(value))
        .setLease(4)
        .build();
  }

  private static <T> T read(MethodDescriptor<?, T> method, MessageLite message) {
    return method.parseResponse(new ByteArrayInputStream(message.toByteArray()));
  }
}
