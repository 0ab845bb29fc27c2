// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.key;
import static dev.brain.engine.tikv.emulator.WireClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tikv.kvproto.Kvrpcpb.BatchGetRequest;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Kvrpcpb.ScanRequest;

/** Scans of one region; keys {@code a} to {@code f}, cut before {@code d}. */
class ScanTest {
  private final TikvEmulator emulator = TikvEmulator.start(2);
  private final WireClient client = new WireClient(emulator.front());

  @BeforeEach
  void write() {
    for (String key : List.of("a", "b", "c", "d", "e", "f")) {
      commit(put(key(key), key.toUpperCase(java.util.Locale.ROOT)));
    }
    emulator.split(key("d").toByteArray());
  }

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void forward_endsWithTheRegion() {
    assertThat(scan("b", "", "b", 100, false)).containsExactly("b=B", "c=C");
    assertThat(scan("a", "", "e", 100, false)).containsExactly("d=D", "e=E", "f=F");
  }

  @Test
  void forward_endsBeforeItsEnd() {
    assertThat(scan("d", "f", "d", 100, false)).containsExactly("d=D", "e=E");
  }

  @Test
  void backward_beginsBeforeItsStartAndReachesItsEnd() {
    assertThat(scan("f", "d", "d", 100, true)).containsExactly("e=E", "d=D");
    assertThat(scan("", "", "a", 100, true)).containsExactly("c=C", "b=B", "a=A");
  }

  @Test
  void limit_endsAScan() {
    assertThat(scan("d", "", "d", 2, false)).containsExactly("d=D", "e=E");
    assertThat(scan("", "", "d", 2, true)).containsExactly("f=F", "e=E");
  }

  @Test
  void deletedKeys_areLeftOut() {
    commit(WireClient.mutation(Op.Del, key("e"), "").build());

    assertThat(scan("d", "", "d", 2, false)).containsExactly("d=D", "f=F");
  }

  @Test
  void keyOnly_leavesOutValues() {
    ScanRequest request = request("d", "", "d", 100, false).setKeyOnly(true).build();

    assertThat(client.leader(key("d")).kvScan(request).getPairsList())
        .hasSize(3)
        .allMatch(pair -> pair.getValue().isEmpty());
  }

  @Test
  void lockedKey_isAFailureAmongThePairs() {
    long startTs = client.timestamp();
    client.leader(key("e")).kvPrewrite(client.prewrite(startTs, put(key("e"), "new")).build());

    assertThat(scan("d", "", "d", 100, false)).containsExactly("d=D", "locked e", "f=F");
    assertThat(batchGet("d", "e", "x")).containsExactly("d=D", "locked e");
  }

  private List<String> scan(String start, String end, String inRegion, int limit, boolean back) {
    ScanRequest request = request(start, end, inRegion, limit, back).build();
    return texts(client.leader(key(inRegion)).kvScan(request).getPairsList());
  }

  private ScanRequest.Builder request(
      String start, String end, String inRegion, int limit, boolean back) {
    return ScanRequest.newBuilder()
        .setContext(client.context(key(inRegion)))
        .setStartKey(key(start))
        .setEndKey(key(end))
        .setLimit(limit)
        .setReverse(back)
        .setVersion(client.timestamp());
  }

  private List<String> batchGet(String... keys) {
    var request =
        BatchGetRequest.newBuilder()
            .setContext(client.context(key(keys[0])))
            .addAllKeys(List.of(keys).stream().map(WireClient::key).toList())
            .setVersion(client.timestamp());
    return texts(client.leader(key(keys[0])).kvBatchGet(request.build()).getPairsList());
  }

  private static List<String> texts(List<KvPair> pairs) {
    return pairs.stream()
        .map(
            pair ->
                pair.hasError()
                    ? "locked " + pair.getError().getLocked().getKey().toStringUtf8()
                    : pair.getKey().toStringUtf8() + "=" + pair.getValue().toStringUtf8())
        .toList();
  }

  private void commit(Mutation mutation) {
    long startTs = client.timestamp();
    assertThat(
            client
                .leader(mutation.getKey())
                .kvPrewrite(client.prewrite(startTs, mutation).setTryOnePc(true).build())
                .getOnePcCommitTs())
        .isPositive();
  }
}
