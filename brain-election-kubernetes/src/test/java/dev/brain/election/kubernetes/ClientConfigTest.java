// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.election.ElectionTimes;
import dev.brain.election.KubernetesLease;
import dev.brain.election.KubernetesRecordStoreFactory;
import dev.brain.election.LeaderRecordStore;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientConfigTest {
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      current-context: there
      contexts:
      - name: there
        context: {cluster: there, user: me}
      clusters:
      - name: there
        cluster: {server: "https://10.0.0.1:6443"}
      users:
      - name: me
        user: {token: abc}
      """;

  @TempDir Path directory;

  private Path kubeconfig(String text) throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), text);
  }

  private static Config of(Path kubeconfig) {
    return ClientConfig.of(kubeconfig, Map.of(), ElectionTimes.DEFAULT);
  }

  @Test
  void of_kubeconfig_isUsed() throws IOException {
    Config config = of(kubeconfig(KUBECONFIG));
    assertThat(config.getMasterUrl()).isEqualTo("https://10.0.0.1:6443/");
    assertThat(config.getAutoOAuthToken()).isEqualTo("abc");
  }

  @Test
  void of_anything_givesUpInTimeForAnotherTry() throws IOException {
    Config config = of(kubeconfig(KUBECONFIG));
    assertThat(config.getRequestTimeout()).isEqualTo(2_000);
    assertThat(config.getConnectionTimeout()).isEqualTo(2_000);
    assertThat(config.getRequestRetryBackoffLimit()).isZero();
  }

  @Test
  void of_noSuchFile_isRefused() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> of(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("election kubeconfig: " + missing + " (expected: a file that can be read)");
  }

  @Test
  void of_notYaml_isRefusedWithoutItsContent() throws IOException {
    Path bad = kubeconfig("secret: [");
    assertThatThrownBy(() -> of(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("election kubeconfig: " + bad + " (expected: a kubeconfig in YAML)");
  }

  @Test
  void of_noCurrentContext_isRefused() throws IOException {
    Path bad = kubeconfig(KUBECONFIG.replace("current-context: there", "current-context: gone"));
    assertThatThrownBy(() -> of(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a current-context that is in it");
  }

  @Test
  void inCluster_serviceAccount_isReadForEachRequest() throws IOException {
    Files.writeString(directory.resolve("token"), "first\n");
    Files.writeString(directory.resolve("ca.crt"), "");
    Config config =
        ClientConfig.inCluster(
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"),
            directory);
    assertThat(config.getMasterUrl()).isEqualTo("https://[fd00::1]:6443/");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("first");
    Files.writeString(directory.resolve("token"), "second\n");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("second");
  }

  @Test
  void inCluster_notInAPod_isRefused() {
    assertThatThrownBy(() -> ClientConfig.inCluster(Map.of(), directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not run in a pod");
  }

  @Test
  void serviceLoader_findsTheFactory() throws IOException {
    KubernetesRecordStoreFactory factory =
        ServiceLoader.load(KubernetesRecordStoreFactory.class).findFirst().orElseThrow();
    KubernetesLease lease = new KubernetesLease("storage", "brain", kubeconfig(KUBECONFIG));
    try (LeaderRecordStore store = factory.open(lease, ElectionTimes.DEFAULT)) {
      assertThat(store).hasToString("Lease storage/brain");
    }
  }
}
