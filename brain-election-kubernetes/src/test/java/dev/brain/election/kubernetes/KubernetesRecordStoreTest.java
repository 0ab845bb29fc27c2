// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.election.KubernetesLease;
import dev.brain.election.LeaderRecord;
import dev.brain.election.LeaderRecord.State;
import dev.brain.election.LeaderRecordStore;
import dev.brain.election.LeaderRecordStore.Outcome;
import dev.brain.election.LeaderRecordStore.Stored;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KubernetesRecordStoreTest {
  private static final String LEASE = MockCluster.LEASES + "/brain";
  private static final LeaderRecord HELD =
      new LeaderRecord("node1", "0123456789abcdef", 7, 3, State.HELD, "");

  private final MockCluster cluster = new MockCluster();
  private final LeaderRecordStore store = cluster.store();

  @AfterEach
  void closeCluster() {
    cluster.close();
  }

  private Lease lease() {
    return cluster.client().leases().inNamespace("storage").withName("brain").get();
  }

  private Optional<Stored> stored(LeaderRecord record) {
    assertThat(store.write(store.read(), record)).isInstanceOf(Outcome.Written.class);
    return store.read();
  }

  @Test
  void write_held_isWhatOthersExpectOfALease() {
    stored(HELD);
    assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("node1");
    assertThat(lease().getSpec().getLeaseTransitions()).isEqualTo(7);
    assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(6);
    assertThat(lease().getSpec().getRenewTime())
        .isEqualTo(ZonedDateTime.ofInstant(MockCluster.NOW, ZoneOffset.UTC));
  }

  @Test
  void write_released_hasNoHolder() {
    stored(HELD);
    stored(new LeaderRecord("node1", "0123456789abcdef", 7, 4, State.RELEASED, "node2"));
    assertThat(lease().getSpec().getHolderIdentity()).isNull();
  }

  /** The API server reads times with six digits of a second, no more and no fewer. */
  @Test
  void write_wholeSecond_hasSixDigits() {
    ZonedDateTime whole = ZonedDateTime.of(2026, 11, 21, 12, 0, 0, 0, ZoneOffset.UTC);
    Lease lease = LeaseRecords.create(MockCluster.LEASE, HELD, Duration.ofSeconds(6), whole);
    assertThat(cluster.client().getKubernetesSerialization().asJson(lease))
        .contains("\"renewTime\":\"2026-11-21T12:00:00.000000Z\"");
  }

  @Test
  void write_leaseOfSomethingElse_keepsItsAnnotations() {
    Lease other =
        new LeaseBuilder()
            .withNewMetadata()
            .withName("brain")
            .addToAnnotations("team", "storage")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity("other")
            .withLeaseTransitions(4)
            .endSpec()
            .build();
    cluster.client().leases().inNamespace("storage").resource(other).create();
    assertThat(store.read())
        .map(Stored::record)
        .contains(new LeaderRecord("other", "", 4, 0, State.HELD, ""));
    stored(HELD);
    assertThat(lease().getMetadata().getAnnotations()).containsEntry("team", "storage");
  }

  @Test
  void write_wasDeleted_isLost() {
    Optional<Stored> before = stored(HELD);
    cluster.client().leases().inNamespace("storage").withName("brain").delete();
    assertThat(store.write(before, HELD)).isEqualTo(new Outcome.Lost());
    assertThat(store.read()).isEmpty();
  }

  @Test
  void write_serverFails_isUncertain() {
    Optional<Stored> before = stored(HELD);
    cluster.server.expect().put().withPath(LEASE).andReturn(504, "timed out").once();
    assertThat(store.write(before, HELD)).isInstanceOf(Outcome.Uncertain.class);
    assertThat(store.write(before, HELD)).isInstanceOf(Outcome.Written.class);
  }

  @Test
  void write_noPermission_saysWhatIsMissing() {
    cluster.server.expect().post().withPath(MockCluster.LEASES).andReturn(403, "no").once();
    assertThatThrownBy(() -> store.write(Optional.empty(), HELD))
        .hasMessageContaining("403")
        .hasMessageContaining("get, create and update of leases.coordination.k8s.io")
        .hasMessageContaining("namespace storage");
  }

  @Test
  void read_noPermission_saysWhatIsMissing() {
    cluster.server.expect().get().withPath(LEASE).andReturn(403, "no").once();
    assertThatThrownBy(store::read)
        .hasMessageContaining("403")
        .hasMessageContaining("leases.coordination.k8s.io");
  }

  @Test
  void read_wrongCredentials_saysSo() {
    cluster.server.expect().get().withPath(LEASE).andReturn(401, "who?").once();
    assertThatThrownBy(store::read).hasMessageContaining("does not accept the credentials");
  }

  @Test
  void write_noNamespace_saysSo() {
    cluster.server.expect().post().withPath(MockCluster.LEASES).andReturn(404, "no").once();
    assertThatThrownBy(() -> store.write(Optional.empty(), HELD))
        .hasMessageContaining("has no namespace storage");
  }

  @Test
  void anyCall_nobodyListens_saysWhereInOneLine() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + port)
            .withRequestRetryBackoffLimit(0)
            .build();
    try (LeaderRecordStore nowhere =
        new KubernetesRecordStore(
            new KubernetesClientBuilder().withConfig(config).build(),
            new KubernetesLease("storage", "brain", null),
            Duration.ofSeconds(6),
            () -> MockCluster.NOW)) {
      assertThatThrownBy(nowhere::read)
          .hasMessageStartingWith("API server http://127.0.0.1:" + port)
          .hasMessageContaining("cannot be reached")
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
      assertThatThrownBy(() -> nowhere.write(Optional.empty(), HELD))
          .as("nothing was sent, so nothing is uncertain")
          .hasMessageContaining("cannot be reached");
    }
  }
}
