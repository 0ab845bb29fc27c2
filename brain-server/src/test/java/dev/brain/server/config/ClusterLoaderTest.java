// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.config.ClusterConfig.Election;
import dev.brain.server.config.ClusterConfig.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClusterLoaderTest {
  private static final Timing DEFAULT_TIMING =
      new Timing(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofSeconds(1));

  @Test
  void cluster_byEngine() throws ConfigException {
    assertThat(load(Map.of()).cluster()).isNull();
    assertThat(load(Map.of(Settings.ENGINE_NAME, "memory")).cluster()).isNull();

    ClusterConfig shared = cluster(Map.of(Settings.ENGINE_NAME, "tikv"));
    assertThat(shared.election()).isEqualTo(new Election.ByEngine());
    assertThat(shared.timing()).isEqualTo(DEFAULT_TIMING);
    assertThat(shared.peers().listen())
        .singleElement()
        .satisfies(url -> assertThat(url.url(2380)).isEqualTo("http://localhost:2380"));
    assertThat(shared.peers().advertise()).containsExactly("http://localhost:2380");
    assertThat(shared.peers().tls()).isNull();
    assertThat(load(Map.of(Settings.ENGINE_NAME, "tikv")).warnings())
        .containsExactly(
            "--initial-advertise-peer-urls: http://localhost:2380: members on other machines cannot"
                + " reach this one");
  }

  @Test
  void cluster_everySettingGiven() throws ConfigException {
    ServerConfig config =
        load(
            Map.ofEntries(
                Map.entry(Settings.ENGINE_NAME, "tikv"),
                Map.entry(Settings.TLS_MIN_VERSION, "TLS1.3"),
                Map.entry(ClusterSettings.ELECTION, "kubernetes"),
                Map.entry(ClusterSettings.ELECTION_LEASE, "15s"),
                Map.entry(ClusterSettings.ELECTION_RENEW_DEADLINE, "10s"),
                Map.entry(ClusterSettings.ELECTION_RETRY, "2s"),
                Map.entry(ClusterSettings.ELECTION_KUBERNETES_NAMESPACE, "store"),
                Map.entry(ClusterSettings.ELECTION_KUBERNETES_NAME, "brain.leader"),
                Map.entry(ClusterSettings.ELECTION_KUBECONFIG, "kubeconfig"),
                Map.entry(ClusterSettings.LISTEN_PEER_URLS, "https://0.0.0.0:2380"),
                Map.entry(
                    ClusterSettings.INITIAL_ADVERTISE_PEER_URLS, "https://brain-0.brain:2380/"),
                Map.entry(ClusterSettings.PEER_CERT_FILE, "c"),
                Map.entry(ClusterSettings.PEER_KEY_FILE, "k"),
                Map.entry(ClusterSettings.PEER_TRUSTED_CA_FILE, "a")));

    ClusterConfig cluster = requireNonNull(config.cluster());
    assertThat(cluster.election())
        .isEqualTo(new Election.ByKubernetes("store", "brain.leader", Path.of("kubeconfig")));
    assertThat(cluster.timing())
        .isEqualTo(
            new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2)));
    assertThat(cluster.peers().listen())
        .singleElement()
        .satisfies(url -> assertThat(url.tls()).isTrue());
    assertThat(cluster.peers().advertise()).containsExactly("https://brain-0.brain:2380");
    assertThat(cluster.peers().tls())
        .isEqualTo(
            new ServerConfig.Tls(
                Path.of("c"), Path.of("k"), Path.of("a"), List.of("TLSv1.3"), List.of()));
    assertThat(config.tls()).isNull();
    assertThat(config.warnings()).isEmpty();
  }

  /** What kubeadm gives an etcd of one member must keep working, and change nothing. */
  @Test
  void cluster_noneWithSettingsOfPeers() throws ConfigException {
    ServerConfig config =
        load(
            Map.of(
                ClusterSettings.LISTEN_PEER_URLS, "https://no.such.host.invalid:2380",
                ClusterSettings.PEER_CERT_FILE, "c",
                ClusterSettings.ELECTION_LEASE, "soon",
                IgnoredSettings.PEER_AUTO_TLS, "true"));

    assertThat(config.cluster()).isNull();
    assertThat(config.warnings())
        .containsExactlyInAnyOrder(
            "--listen-peer-urls: not used: this server has no peers, see --election",
            "--peer-cert-file: not used: this server has no peers, see --election",
            "--election-lease: not used: this server has no peers, see --election",
            "--peer-auto-tls: Ignored: certificates are never made up; see --peer-cert-file.");
  }

  @Test
  void cluster_noneOverSharedEngine() throws ConfigException {
    ServerConfig config =
        load(Map.of(Settings.ENGINE_NAME, "tikv", ClusterSettings.ELECTION, "none"));

    assertThat(config.cluster()).isNull();
    assertThat(config.warnings()).singleElement().asString().startsWith("--election=none with");
  }

  @Test
  void cluster_engineOfItsOwn() throws ConfigException {
    ServerConfig config =
        load(
            Map.of(
                ClusterSettings.ELECTION, "engine",
                ClusterSettings.INITIAL_ADVERTISE_PEER_URLS, "http://localhost:2380"));

    assertThat(config.cluster()).isNotNull();
    assertThat(config.warnings())
        .singleElement()
        .asString()
        .startsWith("the engine rocksdb belongs");
  }

  @Test
  void cluster_settingsOfAnotherElection() throws ConfigException {
    assertThat(warnings(Map.of(ClusterSettings.ELECTION_KUBERNETES_NAME, "x")))
        .containsExactly(
            "--election-kubernetes-name: not used: the election is not that of Kubernetes");
  }

  @Test
  void cluster_wrongTimes() {
    assertThat(
            clusterFaults(
                Map.of(
                    ClusterSettings.ELECTION_LEASE, "4s",
                    ClusterSettings.ELECTION_RETRY, "1m")))
        .containsExactly(
            "--election-renew-deadline: 4s (expected: less than --election-lease, 4s)",
            "--election-retry: 1m (expected: less than --election-renew-deadline, 4s)");
    assertThat(clusterFaults(Map.of(ClusterSettings.ELECTION_RETRY, "0")))
        .containsExactly("--election-retry: 0 (expected: a duration above 0)");
  }

  @Test
  void cluster_wrongElection() {
    assertThat(clusterFaults(Map.of(ClusterSettings.ELECTION, "raft")))
        .containsExactly("--election: raft (expected: none, engine, kubernetes)");
    assertThat(
            clusterFaults(
                Map.of(
                    ClusterSettings.ELECTION, "kubernetes",
                    ClusterSettings.ELECTION_KUBERNETES_NAME, "Not_A_Name")))
        .containsExactly(
            "--election-kubernetes-namespace: \"\" (expected: a name of Kubernetes, because"
                + " --election is kubernetes)",
            "--election-kubernetes-name: Not_A_Name (expected: a name of Kubernetes, because"
                + " --election is kubernetes)");
  }

  @Test
  void cluster_tlsHalfGiven() {
    assertThat(
            clusterFaults(
                Map.of(
                    ClusterSettings.LISTEN_PEER_URLS, "https://127.0.0.1:1,http://127.0.0.1:2",
                    ClusterSettings.INITIAL_ADVERTISE_PEER_URLS, "http://127.0.0.1:2",
                    ClusterSettings.PEER_CERT_FILE, "c")))
        .containsExactly(
            "--initial-advertise-peer-urls: http://127.0.0.1:2 (expected: https:// as in"
                + " --listen-peer-urls)",
            "--listen-peer-urls: https://127.0.0.1:1,http://127.0.0.1:2 (expected: https:// in all"
                + " of them, or in none)",
            "--peer-key-file: \"\" (expected: a file, because a URL to listen on begins with"
                + " https://)",
            "--peer-trusted-ca-file: \"\" (expected: a file, because a URL to listen on begins with"
                + " https://)");
    assertThat(clusterFaults(Map.of(ClusterSettings.PEER_TRUSTED_CA_FILE, "a")))
        .containsExactly(
            "--peer-trusted-ca-file: a (expected: an https:// URL to listen on; as it is, nothing"
                + " would speak TLS)");
  }

  /** Ignoring them would leave a port open that the operator believes to be closed. */
  @Test
  void cluster_protectionThatThereIsNot() {
    assertThat(
            clusterFaults(
                Map.of(
                    IgnoredSettings.PEER_AUTO_TLS, "true",
                    IgnoredSettings.PEER_CERT_ALLOWED_CN, "member")))
        .containsExactly(
            "--peer-auto-tls: true (expected: --peer-cert-file and the files that go with it)",
            "--peer-cert-allowed-cn: member (expected: none; whoever has a certificate of"
                + " --peer-trusted-ca-file is let in)");
    assertThat(clusterFaults(Map.of(IgnoredSettings.PEER_AUTO_TLS, "false"))).isEmpty();
  }

  @Test
  void cluster_plaintextForEverybody() throws ConfigException {
    assertThat(warnings(Map.of(ClusterSettings.LISTEN_PEER_URLS, "http://0.0.0.0:2380")))
        .singleElement()
        .asString()
        .startsWith("serving peers at http://0.0.0.0:2380 without TLS");
  }

  @Test
  void cluster_membersNamedByEtcd() throws ConfigException {
    assertThat(warnings(Map.of(IgnoredSettings.INITIAL_CLUSTER, "a=http://1:1,b=http://2:1")))
        .containsExactly(
            "--initial-cluster: Ignored: members register themselves in the engine they share.");
  }

  private static ClusterConfig cluster(Map<Setting, String> flags) throws ConfigException {
    return requireNonNull(load(flags).cluster());
  }

  private static List<String> warnings(Map<Setting, String> flags) throws ConfigException {
    return load(withSharedEngine(flags)).warnings();
  }

  private static List<String> clusterFaults(Map<Setting, String> flags) {
    try {
      load(withSharedEngine(flags));
      return List.of();
    } catch (ConfigException e) {
      return e.faults();
    }
  }

  private static Map<Setting, String> withSharedEngine(Map<Setting, String> flags) {
    Map<Setting, String> all = new HashMap<>(flags);
    all.put(Settings.ENGINE_NAME, "tikv");
    all.putIfAbsent(
        ClusterSettings.INITIAL_ADVERTISE_PEER_URLS,
        flags.getOrDefault(ClusterSettings.LISTEN_PEER_URLS, "http://localhost:2380"));
    return all;
  }

  private static ServerConfig load(Map<Setting, String> flags) throws ConfigException {
    return ConfigLoader.load(flags, Map.of(), List.of());
  }
}
