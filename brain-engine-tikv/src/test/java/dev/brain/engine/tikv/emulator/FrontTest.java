// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.K;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.io.grpc.StatusRuntimeException;

class FrontTest {
  private final TikvEmulator emulator = TikvEmulator.start(2);
  private final WireClient client = new WireClient(emulator.front());

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void stoppedStore_isUnreachableUntilItStarts() {
    Context context = client.context(K);
    emulator.stopStore(1);

    assertThatThrownBy(() -> get(context)).hasMessageContaining("UNAVAILABLE");
    assertThat(client.context(K)).isEqualTo(context);
    emulator.startStore(1);
    await().ignoreExceptionsInstanceOf(StatusRuntimeException.class).until(() -> get(context));
  }

  @Test
  void stoppedPd_leavesStoresReachable() {
    Context context = client.context(K);
    emulator.stopPd();

    assertThatThrownBy(() -> client.context(K)).hasMessageContaining("UNAVAILABLE");
    assertThat(get(context)).isTrue();
  }

  @Test
  void cutFront_cutsNoOther() {
    Front other = emulator.openFront();
    try (WireClient client2 = new WireClient(other)) {
      assertThat(client2.context(K)).isEqualTo(client.context(K));
      other.cut();

      assertThatThrownBy(() -> client2.context(K)).hasMessageContaining("UNAVAILABLE");
      assertThat(get(client.context(K))).isTrue();
      other.mend();
      await()
          .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
          .until(() -> client2.context(K).equals(client.context(K)));
    }
  }

  @Test
  void advertisedAddress_isWhatPdTells() {
    emulator.front().advertisePd("127.0.0.1:2");
    emulator.front().advertiseStore(1, "127.0.0.1:3");

    assertThat(
            client
                .pd()
                .getMembers(Pdpb.GetMembersRequest.getDefaultInstance())
                .getLeader()
                .getClientUrls(0))
        .isEqualTo("http://127.0.0.1:2");
    assertThat(
            client
                .pd()
                .getAllStores(Pdpb.GetAllStoresRequest.getDefaultInstance())
                .getStoresList()
                .stream()
                .map(store -> store.getAddress()))
        .containsExactly("127.0.0.1:3", emulator.front().storeAddress(2));
  }

  private boolean get(Context context) {
    var request = GetRequest.newBuilder().setContext(context).setKey(K).setVersion(1);
    return client.store(1).kvGet(request.build()).getNotFound();
  }
}
