// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class EncodedEventTest {
  private static final byte[] KEY = {0, (byte) 0xff, '$'};
  private static final byte[] LARGE = new byte[100_000];

  @Test
  void bytes_ofPutOverVersion_areThoseOfProtobuf() throws InvalidProtocolBufferException {
    Row before = Row.live(2, 5, 3, 0, LARGE);
    Row after = Row.live(2, 300, 4, -7, new byte[] {1, 2});

    EncodedEvent encoded = EncodedEvent.of(new Event(Key.of(KEY), after, before));

    dev.brain.proto.mvccpb.Event expected =
        dev.brain.proto.mvccpb.Event.newBuilder()
            .setKv(keyValue().setCreateRevision(2).setModRevision(300).setVersion(4).setLease(-7))
            .setPrevKv(
                keyValue()
                    .setCreateRevision(2)
                    .setModRevision(5)
                    .setVersion(3)
                    .setValue(ByteString.copyFrom(LARGE)))
            .build();
    expected =
        expected.toBuilder()
            .setKv(expected.getKv().toBuilder().setValue(ByteString.copyFrom(new byte[] {1, 2})))
            .build();
    assertThat(encoded.bytes()).isEqualTo(expected.toByteArray());
    assertThat(encoded.bytes()).hasSize(encoded.length(true));
    assertThat(encoded.revision()).isEqualTo(300);
    assertThat(withoutPrevious(encoded)).isEqualTo(expected.toBuilder().clearPrevKv().build());
  }

  @Test
  void bytes_ofCreate_haveNoVersionBefore() throws InvalidProtocolBufferException {
    EncodedEvent encoded =
        EncodedEvent.of(new Event(Key.of(KEY), Row.live(9, 9, 1, 0, new byte[0]), null));

    assertThat(encoded.length(true)).isEqualTo(encoded.length(false));
    assertThat(withoutPrevious(encoded).getKv())
        .isEqualTo(keyValue().setCreateRevision(9).setModRevision(9).setVersion(1).build());
  }

  @Test
  void bytes_ofDelete_haveKeyAndModRevisionOnly() throws InvalidProtocolBufferException {
    EncodedEvent encoded =
        EncodedEvent.of(
            new Event(Key.of(KEY), Row.tombstone(11), Row.live(9, 9, 1, 4, new byte[] {7})));

    assertThat(encoded.isDelete()).isTrue();
    dev.brain.proto.mvccpb.Event whole = dev.brain.proto.mvccpb.Event.parseFrom(encoded.bytes());
    assertThat(whole.getType()).isEqualTo(dev.brain.proto.mvccpb.Event.EventType.DELETE);
    assertThat(whole.getKv()).isEqualTo(keyValue().setModRevision(11).build());
    assertThat(whole.getPrevKv().getLease()).isEqualTo(4);
    assertThat(withoutPrevious(encoded)).isEqualTo(whole.toBuilder().clearPrevKv().build());
  }

  @Test
  void bytes_askedAgain_areTheSameArray() {
    EncodedEvent encoded =
        EncodedEvent.of(new Event(Key.of(KEY), Row.tombstone(11), Row.live(9, 9, 1, 4, LARGE)));

    assertThat(encoded.bytes()).isSameAs(encoded.bytes());
  }

  private static KeyValue.Builder keyValue() {
    return KeyValue.newBuilder().setKey(ByteString.copyFrom(KEY));
  }

  private static dev.brain.proto.mvccpb.Event withoutPrevious(EncodedEvent encoded)
      throws InvalidProtocolBufferException {
    return dev.brain.proto.mvccpb.Event.parseFrom(
        Arrays.copyOf(encoded.bytes(), encoded.length(false)));
  }
}
