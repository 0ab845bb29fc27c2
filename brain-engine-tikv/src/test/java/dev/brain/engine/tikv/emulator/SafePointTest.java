// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.K;
import static dev.brain.engine.tikv.emulator.WireClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Pdpb;

class SafePointTest {
  private final TikvEmulator emulator = TikvEmulator.start(1);
  private final WireClient client = new WireClient(emulator.front());

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void collect_keepsWhatIsSeenAtTheSafePoint() {
    long first = commit(put(K, "1"));
    long second = commit(put(K, "2"));
    long third = commit(put(K, "3"));

    collect(third - 1);

    assertThat(get(first).getNotFound()).isTrue();
    assertThat(get(second).getValue().toStringUtf8()).isEqualTo("2");
    assertThat(get(third).getValue().toStringUtf8()).isEqualTo("3");
    assertThat(emulator.collectedUpTo()).isEqualTo(third - 1);
  }

  @Test
  void collect_forgetsDeletedKeys() {
    long first = commit(put(K, "1"));
    long deleted = commit(WireClient.mutation(Op.Del, K, "").build());

    collect(deleted);

    assertThat(get(first).getNotFound()).isTrue();
    assertThat(get(deleted).getNotFound()).isTrue();
  }

  @Test
  void collect_neverGoesBack() {
    collect(200);

    assertThat(collect(100)).isEqualTo(200);
  }

  @Test
  void claim_answersTheEarliestOfAll() {
    assertThat(claim("reader", 50, 1000)).isZero();
    assertThat(claim("gc_worker", 100, Long.MAX_VALUE)).isEqualTo(50);
    assertThat(claim("reader", 70, 1000)).isEqualTo(70);
    assertThat(claim("reader", 0, 0)).isEqualTo(100);
  }

  @Test
  void claim_ofWhatMayBeGone_isRefused() {
    claim("gc_worker", 100, Long.MAX_VALUE);

    assertThat(claim("reader", 50, 1000)).isEqualTo(100);
    assertThat(claim("gc_worker", 120, Long.MAX_VALUE)).isEqualTo(120);
  }

  private long claim(String service, long safePoint, long secondsToLive) {
    var request =
        Pdpb.UpdateServiceGCSafePointRequest.newBuilder()
            .setServiceId(WireClient.key(service))
            .setSafePoint(safePoint)
            .setTTL(secondsToLive);
    return client.pd().updateServiceGCSafePoint(request.build()).getMinSafePoint();
  }

  private long collect(long safePoint) {
    var request = Pdpb.UpdateGCSafePointRequest.newBuilder().setSafePoint(safePoint);
    return client.pd().updateGCSafePoint(request.build()).getNewSafePoint();
  }

  private GetResponse get(long timestamp) {
    var request =
        GetRequest.newBuilder().setContext(client.context(K)).setKey(K).setVersion(timestamp);
    return client.leader(K).kvGet(request.build());
  }

  private long commit(Mutation mutation) {
    var request = client.prewrite(client.timestamp(), mutation).setTryOnePc(true).build();
    return client.leader(K).kvPrewrite(request).getOnePcCommitTs();
  }
}
