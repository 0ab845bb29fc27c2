// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules and the dashboard. */
final class MonitoringTest {
  private static final String RULES = "files/alerts.yaml";
  private static final String DASHBOARD = "files/dashboard.json";

  @TempDir Path directory;

  /** A metric that was renamed leaves an alert that never fires. */
  @Test
  void metrics_areExported() throws Exception {
    Set<String> wanted = new TreeSet<>();
    Stream.concat(rules().stream().map(rule -> rule.text("expr")), queries().stream())
        .forEach(expression -> wanted.addAll(Metrics.read(expression)));
    assertThat(wanted).hasSizeGreaterThan(20);

    try (RunningServer server =
        RunningServer.start(Deployment.distribution(), directory, "--metrics=extensive")) {
      // The first call and the first collection make the last of them.
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(Metrics.exported(server.get("/metrics").body())).containsAll(wanted));
    }
  }

  @Test
  void read_findsMetricsOnly() {
    assertThat(
            Metrics.read(
                "sum by (grpc_code) (rate(a_total{b_c=\"d_e\"}[5m])) / on (f_g) group_left () h_i"))
        .containsExactly("a_total", "h_i");
  }

  /** Every alert is explained to those whom it wakes. */
  @Test
  void alerts_areDocumented() throws IOException {
    String operations = Deployment.text("../docs/operations.md");
    assertThat(rules())
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              assertThat(operations).contains("`" + rule.text("alert") + "`");
              assertThat(rule.text("labels", "severity")).isIn("critical", "warning");
              assertThat(rule.text("annotations", "summary")).isNotBlank();
            });
  }

  @Test
  void dashboard_hasAPlaceForEachPanel() throws IOException {
    List<Yaml> panels = Yaml.of(Chart.file(DASHBOARD)).list("panels");
    assertThat(panels).extracting(panel -> panel.text("id")).doesNotHaveDuplicates();
    assertThat(panels)
        .extracting(panel -> panel.text("gridPos", "x") + "," + panel.text("gridPos", "y"))
        .doesNotHaveDuplicates();
  }

  /** The chart hands out the same rules and the same dashboard. */
  @Test
  void chart_holdsThem() throws IOException {
    Path values =
        Files.writeString(
            directory.resolve("values.yaml"),
            "metrics: {prometheusRule: {enabled: true}, dashboard: {enabled: true}}\n");
    List<Yaml> manifests = Yaml.all(Chart.render(values));

    assertThat(manifests)
        .filteredOn(manifest -> manifest.text("kind").equals("PrometheusRule"))
        .singleElement()
        .satisfies(rule -> assertThat(rule.at("spec")).isEqualTo(Yaml.of(Chart.file(RULES))));
    assertThat(manifests)
        .filteredOn(manifest -> manifest.text("kind").equals("ConfigMap"))
        .singleElement()
        .satisfies(
            map ->
                assertThat(Yaml.of(map.text("data", "brain.json")))
                    .isEqualTo(Yaml.of(Chart.file(DASHBOARD))));
  }

  /** Prometheus' own opinion, where it is installed. */
  @Test
  void promtool_acceptsTheRules() throws Exception {
    Commands.require("promtool");
    Commands.run(
        "promtool",
        "check",
        "rules",
        Deployment.directory().resolve("helm/brain").resolve(RULES).toString());
  }

  private static List<Yaml> rules() throws IOException {
    return Yaml.of(Chart.file(RULES)).list("groups").stream()
        .flatMap(group -> group.list("rules").stream())
        .toList();
  }

  private static List<String> queries() throws IOException {
    return Yaml.of(Chart.file(DASHBOARD)).list("panels").stream()
        .flatMap(panel -> panel.list("targets").stream())
        .map(target -> target.text("expr"))
        .toList();
  }
}
