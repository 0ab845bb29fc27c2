// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowTest {
  private static final long[] NUMBERS = {
    1, 2, 127, 128, 16_383, 16_384, 1L << 35, Integer.MAX_VALUE, Long.MAX_VALUE
  };
  private static final long[] LEASES = {0, 1, 128, -1, Long.MIN_VALUE, Long.MAX_VALUE};

  private static byte[] value(int length) {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    return value;
  }

  private static dev.brain.proto.mvccpb.KeyValue proto(
      long create, long mod, long version, long lease, byte[] value) {
    return dev.brain.proto.mvccpb.KeyValue.newBuilder()
        .setCreateRevision(create)
        .setModRevision(mod)
        .setVersion(version)
        .setLease(lease)
        .setValue(ByteString.copyFrom(value))
        .build();
  }

  @Test
  void live_isProtobufsKeyValueWithoutItsKey() {
    for (long number : NUMBERS) {
      for (long lease : LEASES) {
        for (int length : new int[] {0, 1, 127, 128, 70_000}) {
          byte[] value = value(length);
          Row row = Row.live(number, Long.MAX_VALUE - number + 1, number, lease, value);
          byte[] expected =
              proto(number, Long.MAX_VALUE - number + 1, number, lease, value).toByteArray();
          assertThat(row.bytes()).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void tombstone_isProtobufsKeyValueOfItsModRevision() {
    for (long number : NUMBERS) {
      Row row = Row.tombstone(number);
      assertThat(row.bytes()).isEqualTo(proto(0, number, 0, 0, new byte[0]).toByteArray());
      assertThat(row.isTombstone()).isTrue();
      assertThat(row.modRevision()).isEqualTo(number);
      assertThat(row.value()).isEmpty();
      assertThat(Row.isTombstone(row.bytes())).isTrue();
      assertThat(Row.decode(row.bytes()).isTombstone()).isTrue();
    }
  }

  @Test
  void decode_ofWhatWasEncoded() {
    for (long number : NUMBERS) {
      for (long lease : LEASES) {
        byte[] value = value(300);
        Row row = Row.decode(Row.live(number, number, 5, lease, value).bytes());
        assertThat(row.createRevision()).isEqualTo(number);
        assertThat(row.modRevision()).isEqualTo(number);
        assertThat(row.version()).isEqualTo(5);
        assertThat(row.lease()).isEqualTo(lease);
        assertThat(row.value()).isEqualTo(value);
        assertThat(row.valueLength()).isEqualTo(300);
        assertThat(row.isTombstone()).isFalse();
        assertThat(Arrays.copyOfRange(row.bytes(), row.valueOffset(), row.valueOffset() + 300))
            .isEqualTo(value);
      }
    }
  }

  @Test
  void withoutValue_keepsEverythingElse() {
    Row row = Row.live(1, 1L << 40, 3, -7, value(200)).withoutValue();
    assertThat(row.bytes()).isEqualTo(proto(1, 1L << 40, 3, -7, new byte[0]).toByteArray());
    assertThat(row.lease()).isEqualTo(-7);
    Row empty = Row.live(1, 2, 3, 4, new byte[0]);
    assertThat(empty.withoutValue()).isSameAs(empty);
  }

  @Test
  void prefix_isEnoughForTheRevisions() {
    for (long number : NUMBERS) {
      Row live = Row.live(number, number, number, -1, value(500));
      byte[] prefix = Arrays.copyOf(live.bytes(), Row.REVISIONS_BYTES);
      assertThat(Row.modRevision(prefix, live.bytes().length)).isEqualTo(number);
      assertThat(Row.isTombstone(prefix)).isFalse();
      Row tombstone = Row.tombstone(number);
      byte[] padded = Arrays.copyOf(tombstone.bytes(), Row.REVISIONS_BYTES);
      assertThat(Row.modRevision(padded, tombstone.bytes().length)).isEqualTo(number);
      assertThat(Row.isTombstone(padded)).isTrue();
    }
  }

  @Test
  void compareValue_asUnsignedBytes() {
    Row low = Row.live(1, 1, 1, 0, new byte[] {0x7f});
    Row high = Row.live(1, 1, 1, 0, new byte[] {(byte) 0x80});
    Row longer = Row.live(1, 1, 1, 9, new byte[] {0x7f, 0});
    Row empty = Row.live(1, 1, 1, 0, new byte[0]);
    assertThat(low.compareValue(high)).isNegative();
    assertThat(low.compareValue(longer)).isNegative();
    assertThat(empty.compareValue(low)).isNegative();
    assertThat(high.compareValue(new byte[] {0x7f})).isPositive();
    assertThat(longer.compareValue(new byte[] {0x7f, 0})).isZero();
    assertThat(empty.compareValue(new byte[0])).isZero();
  }

  private static void assertDamaged(int... bytes) {
    byte[] row = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      row[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> Row.decode(row))
        .as(Arrays.toString(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_damaged_isRefused() {
    assertDamaged();
    assertDamaged(24);
    assertDamaged(24, 0);
    assertDamaged(24, 0x80);
    assertDamaged(16, 1, 24, 2);
    assertDamaged(16, 1, 24, 2, 32, 0);
    assertDamaged(16, 1, 32, 1);
    assertDamaged(10, 1, 'a', 24, 1);
    assertDamaged(24, 5, 16, 5, 32, 1);
    assertDamaged(16, 1, 24, 1, 24, 2, 32, 1);
    assertDamaged(24, 5, 42, 1, 'a');
    assertDamaged(24, 5, 48, 1);
    assertDamaged(16, 1, 24, 1, 32, 1, 42, 2, 'a');
    assertDamaged(16, 1, 24, 1, 32, 1, 42, 0x80, 0x80, 0x80, 0x80, 0x80, 1);
    assertDamaged(16, 1, 24, 1, 32, 1, 42, 0x81, 0x80, 0x80, 0x80, 0x10, 'a');
    int[] minusOne = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
    int[] negative = new int[2 + minusOne.length * 2 + 2];
    negative[0] = 16;
    System.arraycopy(minusOne, 0, negative, 1, minusOne.length);
    negative[11] = 24;
    negative[12] = 1;
    negative[13] = 32;
    System.arraycopy(minusOne, 0, negative, 14, minusOne.length);
    assertDamaged(negative);
  }

  @Test
  void decode_cutAnywhere_isRefusedOrShorter() {
    byte[] row = Row.live(300, 400, 500, 600, value(20)).bytes();
    int accepted = 0;
    for (int length = 0; length < row.length; length++) {
      try {
        assertThat(Row.decode(Arrays.copyOf(row, length)).bytes()).hasSize(length);
        accepted++;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("row");
      }
    }
    assertThat(accepted).as("cut behind the version, or the value").isEqualTo(2);
  }

  @Test
  void decode_randomBytes_isRefusedOrTheSameAgain() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      try {
        Row row = Row.decode(bytes);
        assertThat(row.modRevision()).isPositive();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("row");
      }
    }
  }

  @Test
  void modRevision_damagedPrefix_isRefused() {
    for (byte[] bytes : new byte[][] {{}, {16}, {16, 1}, {24, 0}, {32, 1}, {16, 1, 32, 1}}) {
      byte[] prefix = Arrays.copyOf(bytes, Row.REVISIONS_BYTES);
      assertThatThrownBy(() -> Row.modRevision(prefix, bytes.length))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void toString_hidesTheValue() {
    assertThat(Row.live(1, 2, 3, 4, new byte[] {'s'}))
        .hasToString("Row[create=1, mod=2, version=3]");
  }
}
