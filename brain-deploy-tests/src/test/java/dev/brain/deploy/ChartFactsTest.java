// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one part of the manifests says of another, or of the program, is true. */
final class ChartFactsTest {
  @TempDir Path directory;

  static List<String> cases() throws IOException {
    return Chart.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void selectors_meetTheNodes(String name) {
    Manifests manifests = Manifests.of(name);
    Map<String, String> labels = manifests.nodes().map("spec", "template", "metadata", "labels");
    List<Map<String, String>> selectors =
        Stream.of(
                Stream.of(manifests.nodes().map("spec", "selector", "matchLabels")),
                manifests.ofKind("Service").map(service -> service.map("spec", "selector")),
                manifests
                    .ofKind("PodDisruptionBudget")
                    .map(budget -> budget.map("spec", "selector", "matchLabels")),
                manifests
                    .ofKind("NetworkPolicy")
                    .map(policy -> policy.map("spec", "podSelector", "matchLabels")),
                manifests.pod().list("topologySpreadConstraints").stream()
                    .map(spread -> spread.map("labelSelector", "matchLabels")))
            .flatMap(found -> found)
            .toList();

    assertThat(selectors).hasSizeGreaterThanOrEqualTo(3);
    assertThat(selectors)
        .allSatisfy(selector -> assertThat(labels).isNotEmpty().containsAllEntriesOf(selector));
    assertThat(selectors).doesNotContain(Map.of());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void serviceMonitor_meetsOnePortOfOneService(String name) {
    Manifests manifests = Manifests.of(name);
    manifests
        .ofKind("ServiceMonitor")
        .forEach(
            monitor ->
                assertThat(manifests.ofKind("Service"))
                    .filteredOn(
                        service ->
                            service
                                .map("metadata", "labels")
                                .entrySet()
                                .containsAll(
                                    monitor.map("spec", "selector", "matchLabels").entrySet()))
                    .flatExtracting(service -> service.list("spec", "ports"))
                    .extracting(port -> port.text("name"))
                    .containsOnlyOnce(monitor.text("spec", "endpoints", "0", "port")));
  }

  /** Addresses that the server listens on, ports of the container, of services and of probes. */
  @ParameterizedTest
  @MethodSource("cases")
  void ports_agree(String name) {
    Manifests manifests = Manifests.of(name);
    Map<String, String> listening =
        Map.of(
            "client", "listen-client-urls",
            "peer", "listen-peer-urls",
            "metrics", "listen-metrics-urls");
    List<Yaml> ports = manifests.container().list("ports");
    assertThat(ports)
        .allSatisfy(
            port ->
                assertThat(manifests.flag(listening.getOrDefault(port.text("name"), "none")))
                    .hasValueSatisfying(
                        url -> assertThat(url).endsWith(":" + port.text("containerPort"))));
    Set<String> names = ports.stream().map(port -> port.text("name")).collect(Collectors.toSet());
    assertThat(names.contains("peer")).isEqualTo(manifests.flag("listen-peer-urls").isPresent());
    assertThat(manifests.ofKind("Service"))
        .flatExtracting(service -> service.list("spec", "ports"))
        .extracting(port -> port.text("targetPort"))
        .isSubsetOf(names);
    assertThat(manifests.ofKind("NetworkPolicy"))
        .flatExtracting(policy -> policy.list("spec", "ingress"))
        .flatExtracting(rule -> rule.list("ports"))
        .extracting(port -> port.text("port"))
        .isSubsetOf(names);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(manifests.container().text(probe, "httpGet", "port")).isIn(names);
    }
  }

  /** The names that nodes tell each other are those of the headless service. */
  @ParameterizedTest
  @MethodSource("cases")
  void advertisedNames_exist(String name) {
    Manifests manifests = Manifests.of(name);
    String headless = manifests.nodes().text("spec", "serviceName");
    assertThat(manifests.ofKind("Service"))
        .filteredOn(service -> service.text("metadata", "name").equals(headless))
        .singleElement()
        .satisfies(
            service -> {
              assertThat(service.text("spec", "clusterIP")).isEqualTo("None");
              assertThat(service.text("spec", "publishNotReadyAddresses")).isEqualTo("true");
            });
    String host = "://$(POD_NAME)." + headless + ".storage.svc.cluster.local:";
    assertThat(manifests.flag("advertise-client-urls").orElseThrow()).contains(host + "2379");
    manifests
        .flag("initial-advertise-peer-urls")
        .ifPresent(url -> assertThat(url).contains(host + "2380"));
    assertThat(manifests.container().list("env"))
        .extracting(variable -> variable.text("name"))
        .contains("POD_NAME");
  }

  /** The root file system is read-only: every file of a flag lies in a volume that is there. */
  @ParameterizedTest
  @MethodSource("cases")
  void files_lieInVolumes(String name) {
    Manifests manifests = Manifests.of(name);
    Set<String> volumes = new TreeSet<>();
    manifests.pod().list("volumes").forEach(volume -> volumes.add(volume.text("name")));
    manifests
        .nodes()
        .list("spec", "volumeClaimTemplates")
        .forEach(claim -> volumes.add(claim.text("metadata", "name")));

    assertThat(manifests.container().list("volumeMounts"))
        .extracting(mount -> mount.text("name"))
        .containsExactlyInAnyOrderElementsOf(volumes);
    assertThat(manifests.flags().stream().map(flag -> flag.replaceFirst(".*=", "")))
        .filteredOn(value -> value.startsWith("/"))
        .isNotEmpty()
        .allSatisfy(path -> assertThat(manifests.volumeOf(path)).as(path).isPresent());
    // A volume's own directory may be open to a group, which the engine does not accept.
    assertThat(manifests.flag("data-dir").orElseThrow()).isEqualTo("/var/lib/brain/data");
    assertThat(manifests.volumeOf("/var/lib/brain/data")).contains("data");
  }

  /** The server knows every setting, and stops before it would be killed. */
  @ParameterizedTest
  @MethodSource("cases")
  void flags_exist(String name) {
    Set<String> known = new TreeSet<>();
    Settings.all().stream()
        .filter(setting -> setting.group() != Setting.Group.IGNORED)
        .forEach(setting -> known.add(setting.name()));
    Manifests manifests = Manifests.of(name);

    assertThat(manifests.container().text("args", "0")).isEqualTo("server");
    assertThat(manifests.flags()).allMatch(flag -> flag.matches("--[-a-z]+=.+"));
    assertThat(manifests.flags().stream().map(ChartFactsTest::setting)).isSubsetOf(known);
    assertThat(Integer.parseInt(manifests.pod().text("terminationGracePeriodSeconds")))
        .isGreaterThan(25);
  }

  /** What the chart sets cannot be set a second time by {@code settings}. */
  @Test
  void settings_refuseTheChartsOwn() throws IOException {
    Set<String> own = new TreeSet<>();
    for (String name : List.of("single", "cluster", "cluster-lease")) {
      Manifests.of(name).flags().stream().map(ChartFactsTest::setting).forEach(own::add);
    }
    assertThat(own).hasSizeGreaterThan(20);
    for (String setting : own) {
      Path values =
          Files.writeString(
              directory.resolve("values.yaml"), "settings: {" + setting + ": \"1\"}\n");
      assertThatThrownBy(() -> Chart.render(values))
          .hasMessageContaining("settings." + setting + ": set by the chart");
    }
  }

  /** The strictest of Kubernetes' Pod Security Standards, "restricted". */
  @ParameterizedTest
  @MethodSource("cases")
  void pod_isRestricted(String name) {
    Manifests manifests = Manifests.of(name);
    Yaml pod = manifests.pod();
    assertThat(pod.map("securityContext"))
        .containsEntry("runAsNonRoot", "true")
        .containsEntry("fsGroupChangePolicy", "OnRootMismatch");
    assertThat(pod.text("securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
    Yaml container = manifests.container();
    assertThat(container.map("securityContext"))
        .containsEntry("allowPrivilegeEscalation", "false")
        .containsEntry("readOnlyRootFilesystem", "true");
    assertThat(container.text("securityContext", "capabilities", "drop", "0")).isEqualTo("ALL");
    assertThat(pod.list("volumes"))
        .allMatch(
            volume -> volume.find("secret").isPresent() || volume.find("emptyDir").isPresent());
  }

  /** Only nodes that use a Lease talk to the API server, and they may do to it what they need. */
  @ParameterizedTest
  @MethodSource("cases")
  void lease_isAllowed(String name) {
    Manifests manifests = Manifests.of(name);
    boolean used = manifests.flag("election").equals(Optional.of("kubernetes"));
    assertThat(manifests.pod().text("automountServiceAccountToken")).isEqualTo("" + used);
    assertThat(manifests.ofKind("Role").count()).isEqualTo(used ? 1 : 0);
    manifests
        .ofKind("Role")
        .forEach(
            role -> {
              String namespace = manifests.flag("election-kubernetes-namespace").orElseThrow();
              assertThat(role.text("metadata", "namespace")).isEqualTo(namespace);
              assertThat(role.text("rules", "0", "resourceNames", "0"))
                  .isEqualTo(manifests.flag("election-kubernetes-name").orElseThrow());
              Yaml binding = manifests.ofKind("RoleBinding").findFirst().orElseThrow();
              assertThat(binding.text("metadata", "namespace")).isEqualTo(namespace);
              assertThat(binding.text("roleRef", "name")).isEqualTo(role.text("metadata", "name"));
              assertThat(binding.text("subjects", "0", "name"))
                  .isEqualTo(manifests.pod().text("serviceAccountName"));
              assertThat(binding.text("subjects", "0", "namespace")).isEqualTo("storage");
            });
  }

  /** The chart asks for the image that this version is. */
  @Test
  void appVersion_isThisVersion() throws IOException {
    assertThat(Yaml.of(Chart.file("Chart.yaml")).text("appVersion"))
        .isEqualTo(Deployment.version());
  }

  /** {@code name} of {@code --name=value}. */
  private static String setting(String flag) {
    return flag.substring(2, flag.indexOf('='));
  }
}
