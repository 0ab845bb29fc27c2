// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the cluster, or a part of it, is not where it should be. */
class ConnectionTest {
  private final TikvFixture tikv = new TikvFixture();
  private final TikvEmulator emulator = tikv.emulator();

  @AfterEach
  void stop() {
    tikv.close();
  }

  @Test
  void open_noPlacementDriver_isUnavailableInOneLineAndLeavesNothingBehind() throws IOException {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + socket.getLocalPort();
    }

    assertThatThrownBy(() -> open(nobody))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageStartingWith("pd-endpoints: " + nobody + ": no placement driver answers")
        .hasMessageNotContaining("\n");
    await().untilAsserted(() -> assertThat(timers()).isEmpty());
  }

  /** Accepts connections and says nothing. */
  @Test
  void open_placementDriverIsMute_isUnavailable() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> open("127.0.0.1:" + mute.getLocalPort()))
          .isInstanceOf(EngineException.Unavailable.class)
          .hasMessageStartingWith("pd-endpoints: ");
    }
  }

  @Test
  void open_oneOfTwoPlacementDriversIsGone_opens() throws IOException {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + socket.getLocalPort();
    }

    open(nobody + "," + emulator.pdAddress()).close();
  }

  @Test
  void open_keyspaceOfANewerFormat_isRefused() {
    tikv.open(Map.of()).close();
    try (RawRows rows = new RawRows(emulator)) {
      rows.put(new Keyspace("default").format(), "2");
    }

    assertThatThrownBy(() -> tikv.open(Map.of()))
        .isInstanceOf(EngineException.Corrupted.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("format 1");
  }

  @Test
  void calls_placementDriverGoesAndComesBack_failAndThenWork() {
    try (Engine engine = tikv.open(Map.of("request-timeout", "3s"))) {
      engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("1")));
      emulator.stopPd();
      assertThatThrownBy(() -> engine.get(Space.HEAD, bytes("a")))
          .isInstanceOf(EngineException.Unavailable.class)
          .hasMessageNotContaining("\n");
      assertThatThrownBy(
              () -> engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("2"))))
          .isInstanceOf(EngineException.Unavailable.class);
      emulator.startPd();

      await()
          .ignoreExceptionsInstanceOf(EngineException.Unavailable.class)
          .untilAsserted(
              () -> assertThat(engine.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("1")));
    }
  }

  @Test
  void calls_leaderOfARegionGoes_goOnWithAnother() {
    try (Engine engine = tikv.open(Map.of("request-timeout", "10s"))) {
      engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("1")));
      byte[] key = new Keyspace("default").key(Space.HEAD, bytes("a")).toByteArray();
      int leader = emulator.leader(key);
      emulator.stopStore(leader);
      emulator.moveLeaders(leader, leader % 3 + 1);

      assertThat(engine.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("1"));
      assertThat(engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("2"))))
          .isInstanceOf(CommitOutcome.Committed.class);
    }
  }

  @Test
  void keyspaces_ofOneCluster_doNotSeeEachOther() {
    try (Engine one = tikv.open(Map.of("keyspace", "one"));
        Engine other = tikv.open(Map.of("keyspace", "one-more"))) {
      one.commit(new WriteBatch().put(Space.LOG, bytes("a"), bytes("1")));
      other.commit(new WriteBatch().put(Space.LOG, bytes("b"), bytes("")));

      assertThat(Ledger.rows(one)).containsExactly("a");
      assertThat(Ledger.rows(other)).containsExactly("b");
      assertThat(other.get(Space.LOG, bytes("b"))).isEmpty();
    }
  }

  private static Engine open(String endpoints) {
    return new TikvEngineFactory()
        .open(new EngineSettings(Path.of("unused"), Map.of("pd-endpoints", endpoints)));
  }

  private static List<String> timers() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.equals("tikv-timer"))
        .toList();
  }
}
