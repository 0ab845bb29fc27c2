// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.K;
import static dev.brain.engine.tikv.emulator.WireClient.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tikv.kvproto.Errorpb;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.SplitRegionRequest;
import org.tikv.kvproto.Metapb;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.com.google.protobuf.ByteString;

class RegionTest {
  private final TikvEmulator emulator = TikvEmulator.start(3);
  private final WireClient client = new WireClient(emulator.front());

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void split_isToldWithEncodedKeysToWhoDoesNotKnowIt() {
    Context old = client.context(key("z"));
    emulator.split(bytes("m"));

    List<Metapb.Region> current = get(key("z"), old, 1).getEpochNotMatch().getCurrentRegionsList();

    assertThat(current.stream().map(region -> KeyCodec.decode(region.getStartKey())))
        .containsExactlyInAnyOrder(ByteString.EMPTY, key("m"));
    assertThat(current.getFirst().getStartKey()).isNotEqualTo(key("m"));
  }

  @Test
  void split_byRequest_answersTheParts() {
    var request =
        SplitRegionRequest.newBuilder()
            .setContext(client.context(K))
            .addSplitKeys(key("f"))
            .addSplitKeys(key("p"));

    var answer = client.leader(K).splitRegion(request.build());

    assertThat(answer.getRegionsList()).hasSize(3);
    assertThat(emulator.regions()).isEqualTo(3);
  }

  @Test
  void movedLeader_isNamedByTheStoreThatWas() {
    Context old = client.context(K);
    emulator.moveLeader(bytes("k"), 2);

    assertThat(get(K, old, 1).getNotLeader().getLeader().getStoreId()).isEqualTo(2);
    assertThat(client.context(K).getPeer().getStoreId()).isEqualTo(2);
  }

  @Test
  void key_ofAnotherRegion_isRefused() {
    emulator.split(bytes("m"));

    Errorpb.Error error =
        get(key("z"), client.context(K), (int) client.context(K).getPeer().getStoreId());

    assertThat(error.getKeyNotInRegion().getKey()).isEqualTo(KeyCodec.encode(key("z")));
  }

  @Test
  void requestToAnotherStore_isRefused() {
    assertThat(get(K, client.context(K), 3).getStoreNotMatch().getActualStoreId()).isEqualTo(3);
  }

  @Test
  void unknownRegion_isRefused() {
    Context unknown = client.context(K).toBuilder().setRegionId(99).build();

    assertThat(get(K, unknown, 1).getRegionNotFound().getRegionId()).isEqualTo(99);
  }

  @Test
  void scanRegions_answersThoseThatTheRangeTouches() {
    for (String border : List.of("c", "f", "i")) {
      emulator.split(bytes(border));
    }

    assertThat(starts("d", "i", 0)).containsExactly("c", "f");
    assertThat(starts("", "", 0)).containsExactly("", "c", "f", "i");
    assertThat(starts("c", "", 2)).containsExactly("c", "f");
  }

  @Test
  void previousRegion_ofTheFirst_isNone() {
    emulator.split(bytes("c"));

    assertThat(previous("c").getRegion().getEndKey()).isEqualTo(KeyCodec.encode(key("c")));
    assertThat(previous("a").hasRegion()).isFalse();
  }

  @Test
  void moveLeaders_emptiesAStore() {
    emulator.split(bytes("c"));
    emulator.split(bytes("f"));

    emulator.moveLeaders(1, 3);
    emulator.moveLeaders(2, 3);

    assertThat(List.of("a", "d", "g")).allMatch(key -> emulator.leader(bytes(key)) == 3);
  }

  private List<String> starts(String start, String end, int limit) {
    var request =
        Pdpb.ScanRegionsRequest.newBuilder()
            .setStartKey(KeyCodec.encode(key(start)))
            .setEndKey(KeyCodec.encode(key(end)))
            .setLimit(limit);
    return client.pd().scanRegions(request.build()).getRegionsList().stream()
        .map(region -> KeyCodec.decode(region.getRegion().getStartKey()).toStringUtf8())
        .toList();
  }

  private Pdpb.GetRegionResponse previous(String key) {
    return client
        .pd()
        .getPrevRegion(
            Pdpb.GetRegionRequest.newBuilder().setRegionKey(KeyCodec.encode(key(key))).build());
  }

  private Errorpb.Error get(ByteString key, Context context, int store) {
    var request = GetRequest.newBuilder().setContext(context).setKey(key).setVersion(1);
    return client.store(store).kvGet(request.build()).getRegionError();
  }

  private static byte[] bytes(String text) {
    return key(text).toByteArray();
  }
}
