// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowKeysTest {
  private static byte[] key(Random random) {
    byte[] bytes = {0, 1, 'a', (byte) 0xfe, (byte) 0xff};
    byte[] key = new byte[1 + random.nextInt(4)];
    for (int i = 0; i < key.length; i++) {
      key[i] = bytes[random.nextInt(bytes.length)];
    }
    return key;
  }

  private static long revision(Random random) {
    return random.nextInt(4) == 0 ? random.nextLong(1, Long.MAX_VALUE) : random.nextInt(1, 300);
  }

  @Test
  void history_ordersByKeyThenRevision() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      byte[] one = key(random);
      byte[] other = key(random);
      long oneRevision = revision(random);
      long otherRevision = revision(random);
      int byKey = Arrays.compareUnsigned(one, other);
      int expected = byKey != 0 ? byKey : Long.compare(oneRevision, otherRevision);
      int order =
          Arrays.compareUnsigned(
              RowKeys.history(one, oneRevision), RowKeys.history(other, otherRevision));
      assertThat(Integer.signum(order)).isEqualTo(Integer.signum(expected));
    }
  }

  @Test
  void historyThrough_holdsThatKeysVersionsAndNoOthers() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      byte[] key = key(random);
      byte[] other = key(random);
      long through = revision(random);
      long revision = revision(random);
      KeyRange range = RowKeys.historyThrough(key, through);
      assertThat(range.contains(RowKeys.history(other, revision)))
          .isEqualTo(Arrays.equals(key, other) && revision <= through);
    }
  }

  @Test
  void history_layout() {
    byte[] row = RowKeys.history(new byte[] {'a', 0, 'b'}, 7);
    assertThat(HexFormat.of().formatHex(row)).isEqualTo("6100ff6200010000000000000007");
  }

  @Test
  void log_ordersByRevisionThenSub() {
    byte[] first = RowKeys.log(255, 300);
    byte[] second = RowKeys.log(256, 0);
    byte[] third = RowKeys.log(256, 1);
    assertThat(Arrays.compareUnsigned(first, second)).isNegative();
    assertThat(Arrays.compareUnsigned(second, third)).isNegative();
    assertThat(RowKeys.logRevision(third)).isEqualTo(256);
    assertThat(RowKeys.logBetween(256, 256).contains(third)).isTrue();
    assertThat(RowKeys.logBetween(255, 255).contains(second)).isFalse();
    assertThat(RowKeys.logBetween(257, 256).isEmpty()).isTrue();
    assertThat(RowKeys.logBetween(1, Long.MAX_VALUE).contains(third)).isTrue();
  }

  @Test
  void logEntry_roundTrip() {
    LogEntry entry = new LogEntry(StoreFixture.key("a"), 7, true);
    assertThat(LogEntry.decode(entry.encode())).isEqualTo(entry);
    LogEntry first = new LogEntry(StoreFixture.key("\0"), 0, false);
    assertThat(LogEntry.decode(first.encode())).isEqualTo(first);
  }
}
