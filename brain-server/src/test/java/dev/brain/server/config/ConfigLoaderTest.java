// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brain.server.config.ServerConfig.AutoCompaction;
import dev.brain.server.config.ServerConfig.LogFormat;
import dev.brain.server.config.ServerConfig.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  @TempDir Path directory;

  @Test
  void load_nothingGiven() throws ConfigException {
    ServerConfig config = load(Map.of());

    assertThat(config.member().name()).isEqualTo("default");
    assertThat(config.member().dataDirectory()).isEqualTo(Path.of("./data"));
    assertThat(config.clients().listen())
        .singleElement()
        .satisfies(url -> assertThat(url.url(2379)).isEqualTo("http://localhost:2379"));
    assertThat(config.clients().advertise()).containsExactly("http://localhost:2379");
    assertThat(config.clients().maxConnections()).isEqualTo(10_000);
    assertThat(config.clients().maxConcurrentStreams()).isEqualTo(10_000);
    assertThat(config.clients().keepAlive())
        .isEqualTo(
            new ServerConfig.KeepAlive(
                Duration.ofSeconds(5), Duration.ofHours(2), Duration.ofSeconds(20)));
    assertThat(config.tls()).isNull();
    assertThat(config.limits())
        .isEqualTo(new ServerConfig.Limits(1_572_864, 128, Duration.ofMillis(250), 2L << 30));
    assertThat(config.history())
        .isEqualTo(new ServerConfig.History(Duration.ofSeconds(5), 16 << 20, null));
    assertThat(config.engine()).isEqualTo(new ServerConfig.EngineChoice("rocksdb", Map.of()));
    assertThat(config.cluster()).isNull();
    assertThat(config.observing())
        .isEqualTo(new ServerConfig.Observing(List.of(), false, LogLevel.INFO, LogFormat.JSON));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void load_everySettingGiven() throws ConfigException {
    ServerConfig config =
        load(
            Map.ofEntries(
                Map.entry(Settings.NAME, "one"),
                Map.entry(Settings.DATA_DIR, "/data"),
                Map.entry(Settings.LISTEN_CLIENT_URLS, "https://127.0.0.1:1, http://127.0.0.2:2/"),
                Map.entry(Settings.ADVERTISE_CLIENT_URLS, "https://db.example:1"),
                Map.entry(Settings.MAX_CONNECTIONS, "7"),
                Map.entry(Settings.MAX_CONCURRENT_STREAMS, "8"),
                Map.entry(Settings.KEEPALIVE_MIN_TIME, "1s"),
                Map.entry(Settings.KEEPALIVE_INTERVAL, "0"),
                Map.entry(Settings.KEEPALIVE_TIMEOUT, "1m30s"),
                Map.entry(Settings.CERT_FILE, "c"),
                Map.entry(Settings.KEY_FILE, "k"),
                Map.entry(Settings.TRUSTED_CA_FILE, "a"),
                Map.entry(Settings.CLIENT_CERT_AUTH, "true"),
                Map.entry(Settings.TLS_MIN_VERSION, "TLS1.3"),
                Map.entry(Settings.CIPHER_SUITES, "TLS_AES_128_GCM_SHA256"),
                Map.entry(Settings.MAX_REQUEST_BYTES, "2MiB"),
                Map.entry(Settings.MAX_TXN_OPS, "10"),
                Map.entry(Settings.WRITE_LATENCY, "1s"),
                Map.entry(Settings.QUOTA_BACKEND_BYTES, "-1"),
                Map.entry(Settings.WATCH_PROGRESS_NOTIFY_INTERVAL, "10m"),
                Map.entry(Settings.WATCH_HISTORY_BYTES, "1GiB"),
                Map.entry(Settings.AUTO_COMPACTION_RETENTION, "1"),
                Map.entry(Settings.ENGINE_NAME, "memory"),
                Map.entry(Settings.ENGINE_OPTION, "a=b=c,d="),
                Map.entry(Settings.LISTEN_METRICS_URLS, "http://127.0.0.1:3"),
                Map.entry(Settings.METRICS, "extensive"),
                Map.entry(Settings.LOG_LEVEL, "warn"),
                Map.entry(Settings.LOG_FORMAT, "console")));

    assertThat(config.member()).isEqualTo(new ServerConfig.Member("one", Path.of("/data")));
    assertThat(config.clients().listen()).extracting(ListenUrl::tls).containsExactly(true, false);
    assertThat(config.clients().advertise()).containsExactly("https://db.example:1");
    assertThat(config.clients().maxConnections()).isEqualTo(7);
    assertThat(config.clients().maxConcurrentStreams()).isEqualTo(8);
    assertThat(config.clients().keepAlive())
        .isEqualTo(
            new ServerConfig.KeepAlive(
                Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(90)));
    assertThat(config.tls())
        .isEqualTo(
            new ServerConfig.Tls(
                Path.of("c"),
                Path.of("k"),
                Path.of("a"),
                List.of("TLSv1.3"),
                List.of("TLS_AES_128_GCM_SHA256")));
    assertThat(config.limits())
        .isEqualTo(new ServerConfig.Limits(2 << 20, 10, Duration.ofSeconds(1), -1));
    assertThat(config.history())
        .isEqualTo(
            new ServerConfig.History(
                Duration.ofMinutes(10), 1 << 30, new AutoCompaction.Periodic(Duration.ofHours(1))));
    assertThat(config.engine())
        .isEqualTo(new ServerConfig.EngineChoice("memory", Map.of("a", "b=c", "d", "")));
    assertThat(config.observing().metricsListen()).hasSize(1);
    assertThat(config.observing().extensiveMetrics()).isTrue();
    assertThat(config.observing().logLevel()).isEqualTo(LogLevel.WARN);
    assertThat(config.observing().logFormat()).isEqualTo(LogFormat.CONSOLE);
  }

  @Test
  void load_revisionCompaction() throws ConfigException {
    ServerConfig config =
        load(
            Map.of(
                Settings.AUTO_COMPACTION_MODE, "revision",
                Settings.AUTO_COMPACTION_RETENTION, "1000"));

    assertThat(config.history().compaction()).isEqualTo(new AutoCompaction.Revisions(1000));
  }

  @Test
  void load_flagWinsOverEnvironmentOverFile() throws ConfigException, IOException {
    Path file = file("name: file\ndata-dir: file\nmax-txn-ops: 5\n");
    Map<String, String> environment =
        Map.of(
            "BRAIN_CONFIG_FILE", file.toString(),
            "BRAIN_NAME", "environment",
            "BRAIN_DATA_DIR", "environment",
            "BRAIN_SERVICE_HOST", "set by Kubernetes, and nobody's business");

    ServerConfig config = ConfigLoader.load(Map.of(Settings.NAME, "flag"), environment, List.of());

    assertThat(config.member().name()).isEqualTo("flag");
    assertThat(config.member().dataDirectory()).isEqualTo(Path.of("environment"));
    assertThat(config.limits().maxTxnOps()).isEqualTo(5);
  }

  @Test
  void load_fileWithListsAndMaps() throws ConfigException, IOException {
    Path file =
        file(
            """
            listen-client-urls:
              - http://127.0.0.1:1
              - http://127.0.0.1:2
            engine-option:
              block-cache-bytes: 1
              other: x
            experimental-watch-progress-notify-interval: 1s
            client-cert-auth: false
            advertise-client-urls:
            """);

    ServerConfig config = load(Map.of(Settings.CONFIG_FILE, file.toString()));

    assertThat(config.clients().listen()).hasSize(2);
    assertThat(config.engine().options()).isEqualTo(Map.of("block-cache-bytes", "1", "other", "x"));
    assertThat(config.history().progressInterval()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void load_pairWhoseValueIsAList_keepsIt() throws ConfigException {
    ServerConfig config =
        load(
            Map.of(Settings.ENGINE_OPTION, "pd-endpoints=a:1,b:2,keyspace=x,pd-endpoints=c:3,d:4"));

    assertThat(config.engine().options())
        .containsOnly(Map.entry("pd-endpoints", "c:3,d:4"), Map.entry("keyspace", "x"));
  }

  @Test
  void load_manyFaults() throws IOException {
    Path file = file("data_dir: x\nmax-txn-ops: many\nname: {a: {b: c}}\n");
    Map<String, String> environment =
        Map.of("BRAIN_LOG_LEVEL", "loud", "BRAIN_WATCH_HISTORY_BYTES", "12");
    Map<Setting, String> flags =
        Map.of(
            Settings.CONFIG_FILE, file.toString(),
            Settings.LISTEN_CLIENT_URLS, "unix://x:0,http://127.0.0.1:1,http://127.0.0.1:1",
            Settings.KEEPALIVE_MIN_TIME, "5 s",
            Settings.QUOTA_BACKEND_BYTES, "2GB",
            Settings.CLIENT_CERT_AUTH, "yes",
            Settings.ENGINE_OPTION, "novalue");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigLoader.load(flags, environment, List.of("--datadir: unknown flag")))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .containsExactlyInAnyOrder(
                        "--datadir: unknown flag",
                        file
                            + ": data_dir: unknown setting (expected: a name of brain server --help)",
                        file + ": max-txn-ops: many (expected: a number from 1 to 2147483647)",
                        file + ": name: {a={b=c}} (expected: a value, or a list of values)",
                        "BRAIN_LOG_LEVEL: loud (expected: debug, info, warn, error)",
                        "BRAIN_WATCH_HISTORY_BYTES: 12 (expected: at least 1MiB)",
                        "--listen-client-urls: unix://x:0"
                            + " (expected: http://HOST:PORT or https://HOST:PORT)",
                        "--listen-client-urls: unix://x:0,http://127.0.0.1:1,http://127.0.0.1:1"
                            + " (expected: each address once)",
                        "--grpc-keepalive-min-time: 5 s"
                            + " (expected: a duration such as 500ms, 5s or 1h30m)",
                        "--quota-backend-bytes: 2GB"
                            + " (expected: a number of bytes such as 1048576, 512KiB, 64MiB or 8GiB)",
                        "--client-cert-auth: yes (expected: true or false)",
                        "--engine-option: novalue (expected: NAME=VALUE)"));
  }

  @Test
  void load_fileThatIsNone() {
    assertThat(faults(Map.of(Settings.CONFIG_FILE, directory.resolve("none").toString())))
        .containsExactly(
            directory.resolve("none") + ": no such file (expected: a YAML file with settings)");
  }

  @Test
  void load_fileThatIsNotYaml() throws IOException {
    Path file = file("name: one\n\t- x: [\n");

    assertThat(faults(Map.of(Settings.CONFIG_FILE, file.toString())))
        .singleElement()
        .asString()
        .startsWith(file + ":2: ")
        .endsWith("(expected: YAML)");
  }

  @Test
  void load_fileThatIsAList() throws IOException {
    Path file = file("- name\n");

    assertThat(faults(Map.of(Settings.CONFIG_FILE, file.toString())))
        .containsExactly(file + ": not a map (expected: lines such as data-dir: /var/lib/brain)");
  }

  @Test
  void load_tlsHalfGiven() {
    assertThat(
            faults(
                Map.of(
                    Settings.LISTEN_CLIENT_URLS, "https://127.0.0.1:1",
                    Settings.CERT_FILE, "c",
                    Settings.CLIENT_CERT_AUTH, "true",
                    Settings.TLS_MIN_VERSION, "TLS1.3",
                    Settings.TLS_MAX_VERSION, "TLS1.2")))
        .containsExactlyInAnyOrder(
            "--key-file: \"\" (expected: a file, because a URL to listen on begins with https://)",
            "--client-cert-auth: true (expected: --trusted-ca-file to be given too)",
            "--tls-max-version: TLS1.2 (expected: at least --tls-min-version)");
  }

  @Test
  void load_tlsFilesWithoutTls() {
    assertThat(faults(Map.of(Settings.CERT_FILE, "c", Settings.TRUSTED_CA_FILE, "a")))
        .containsExactly(
            "--cert-file: c (expected: an https:// URL to listen on; as it is, nothing would speak"
                + " TLS)",
            "--trusted-ca-file: a (expected: an https:// URL to listen on; plaintext cannot be"
                + " trusted)");
  }

  @Test
  void load_etcdClusterFlags() throws ConfigException {
    Setting initialCluster = IgnoredSettings.INITIAL_CLUSTER;

    assertThat(load(Map.of(initialCluster, "a=http://127.0.0.1:2380")).warnings())
        .containsExactly(
            "--initial-cluster: Ignored: members register themselves in the engine they share.");
    assertThat(faults(Map.of(initialCluster, "a=http://1:1,b=http://2:1")))
        .containsExactly(
            "--initial-cluster: a=http://1:1,b=http://2:1 (expected: at most one member; several"
                + " need an engine that they share and an --election)");
  }

  @Test
  void load_plaintextForEverybody() throws ConfigException {
    ServerConfig config = load(Map.of(Settings.LISTEN_CLIENT_URLS, "http://0.0.0.0:2379"));

    assertThat(config.warnings())
        .singleElement()
        .asString()
        .startsWith("serving http://0.0.0.0:2379 without TLS");
    assertThat(config.clients().advertise()).singleElement().asString().doesNotContain("0.0.0.0");
  }

  @Test
  void settings_namesAreUnique() {
    assertThat(Settings.all()).extracting(Setting::name).doesNotHaveDuplicates();
    assertThat(Settings.all()).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  private static ServerConfig load(Map<Setting, String> flags) throws ConfigException {
    return ConfigLoader.load(flags, Map.of(), List.of());
  }

  private static List<String> faults(Map<Setting, String> flags) {
    try {
      load(flags);
      return List.of();
    } catch (ConfigException e) {
      return e.faults();
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("brain.yaml"), text);
  }
}
