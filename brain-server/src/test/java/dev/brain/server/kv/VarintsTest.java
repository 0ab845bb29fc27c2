// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VarintsTest {
  @Test
  void write_asProtobufDoes() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long number = random.nextLong() >>> random.nextInt(64);
      byte[] expected = new byte[CodedOutputStream.computeUInt64SizeNoTag(number)];
      CodedOutputStream.newInstance(expected).writeUInt64NoTag(number);
      byte[] written = new byte[12];
      int end = Varints.write(written, 1, number);
      assertThat(end - 1).isEqualTo(expected.length).isEqualTo(Varints.size(number));
      assertThat(Arrays.copyOfRange(written, 1, end)).isEqualTo(expected);
      Varints.Reader reader = new Varints.Reader(written, 1);
      assertThat(reader.next()).isEqualTo(number);
      assertThat(reader.position()).isEqualTo(end);
    }
  }

  @Test
  void size_atTheBorders() {
    assertThat(Varints.size(0)).isEqualTo(1);
    assertThat(Varints.size(127)).isEqualTo(1);
    assertThat(Varints.size(128)).isEqualTo(2);
    assertThat(Varints.size(Long.MAX_VALUE)).isEqualTo(9);
    assertThat(Varints.size(-1)).isEqualTo(10);
  }

  @Test
  void next_cutShortOrOverlong_isRefused() {
    byte[] overlong = new byte[11];
    Arrays.fill(overlong, (byte) 0x80);
    for (byte[] bytes : new byte[][] {{}, {(byte) 0x80}, overlong}) {
      assertThatThrownBy(() -> new Varints.Reader(bytes, 0).next())
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void skip_pastTheEndOrBack_isRefused() {
    Varints.Reader reader = new Varints.Reader(new byte[3], 0);
    reader.skip(3);
    assertThat(reader.position()).isEqualTo(3);
    assertThatThrownBy(() -> reader.skip(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> reader.skip(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
