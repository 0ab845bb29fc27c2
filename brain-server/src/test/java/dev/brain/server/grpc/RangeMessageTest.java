// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Row;
import io.grpc.Drainable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeMessageTest {
  private static final ResponseHeader HEADER =
      ResponseHeader.newBuilder()
          .setClusterId(-5)
          .setMemberId(7)
          .setRevision(300)
          .setRaftTerm(2)
          .build();

  @Test
  void bytes_ofEmptyAnswer() throws IOException {
    assertSame(new RangeResult(300, List.of(), false, 0));
  }

  @Test
  void bytes_ofCount() throws IOException {
    assertSame(new RangeResult(300, List.of(), false, Long.MAX_VALUE));
  }

  @Test
  void bytes_equalThoseOfProtobuf() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      assertSame(randomResult(random));
    }
  }

  private static RangeResult randomResult(Random random) {
    List<KeyValue> keyValues = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      keyValues.add(
          new KeyValue(
              Key.of(bytes(random, 1 + random.nextInt(200))),
              Row.live(
                  1 + random.nextInt(1000),
                  1 + random.nextLong(Long.MAX_VALUE),
                  1 + random.nextInt(1000),
                  random.nextBoolean() ? 0 : random.nextLong(),
                  bytes(random, random.nextInt(random.nextBoolean() ? 10 : 10_000)))));
    }
    return new RangeResult(300, keyValues, random.nextBoolean(), random.nextInt(100));
  }

  private static void assertSame(RangeResult result) throws IOException {
    RangeResponse.Builder expected =
        RangeResponse.newBuilder()
            .setHeader(HEADER)
            .setMore(result.more())
            .setCount(result.count());
    for (KeyValue keyValue : result.keyValues()) {
      expected.addKvs(Protos.keyValue(keyValue));
    }
    assertBytes(RangeMessage.of(HEADER, result), expected.build().toByteString());
    assertBytes(
        RangeMessage.lastChunk(HEADER, result.keyValues(), result.more(), result.count()),
        RangeStreamResponse.newBuilder().setRangeResponse(expected).build().toByteString());
    assertBytes(
        RangeMessage.chunk(result.keyValues()),
        RangeStreamResponse.newBuilder()
            .setRangeResponse(expected.clearHeader().clearMore().clearCount())
            .build()
            .toByteString());
  }

  private static void assertBytes(RangeMessage message, ByteString expected) throws IOException {
    EncodedMessageMarshaller<RangeMessage> marshaller = new EncodedMessageMarshaller<>();
    assertThat(message.size()).isEqualTo(expected.size());
    InputStream drained = marshaller.stream(message);
    assertThat(drained.available()).isEqualTo(expected.size());
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    assertThat(((Drainable) drained).drainTo(target)).isEqualTo(expected.size());
    assertThat(target.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(drained.available()).isZero();
    assertThat(marshaller.stream(message).readAllBytes()).isEqualTo(expected.toByteArray());
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
