// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brain.server.config.ConfigException;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_namesEverySetting() {
    assertThat(execute("server", "--help")).isEqualTo(Main.OK);

    for (Setting setting : Settings.all()) {
      if (setting.group() == Setting.Group.IGNORED) {
        assertThat(out.toString()).doesNotContain(setting.flag() + "=");
      } else {
        assertThat(out.toString()).contains(setting.flag());
      }
    }
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void help_namesEveryCommand() {
    assertThat(execute("--help")).isEqualTo(Main.OK);
    assertThat(out.toString()).contains("server", "version", "completion");
  }

  @Test
  void version_isPrinted() {
    assertThat(execute("version")).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("brain ").contains("Java 25");
  }

  @Test
  void completion_knowsFlags() {
    assertThat(execute("completion")).isEqualTo(Main.OK);
    assertThat(out.toString()).contains("--listen-client-urls", "complete -F _complete_brain");
  }

  @Test
  void main_unknownCommand() {
    assertThat(execute("serve")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("serve");
  }

  @Test
  void server_wrongFlags() {
    assertThat(
            execute("server", "--data-dirr=x", "--engine", "rocksdb", "--max-txn-ops=0", "hello"))
        .isEqualTo(Main.USAGE);

    assertThat(err.toString().lines())
        .containsExactly(
            "brain server: --data-dirr: unknown flag (expected: perhaps --data-dir)",
            "brain server: hello: unexpected argument (expected: flags only)",
            "brain server: --max-txn-ops: 0 (expected: a number from 1 to 2147483647)",
            "brain server --help lists all settings.");
  }

  @Test
  void server_valueMissing() {
    assertThat(execute("server", "--max-txn-ops=0", "--name")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("--name", "--max-txn-ops: 0");
  }

  @Test
  void server_unknownFlagWithValue() {
    assertThat(execute("server", "--force", "x", "--engine-option", "y=z")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("--force: unknown flag").doesNotContain("x: unexpected");
  }

  /** What kubeadm writes for etcd 3.5 and 3.6. */
  @Test
  void config_kubeadmManifest() throws ConfigException {
    ServerConfig config =
        TestConfig.of(
            "--advertise-client-urls=https://10.0.0.1:2379",
            "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
            "--client-cert-auth=true",
            "--data-dir=/var/lib/etcd",
            "--experimental-initial-corrupt-check=true",
            "--experimental-watch-progress-notify-interval=7s",
            "--feature-gates=InitialCorruptCheck=true",
            "--initial-advertise-peer-urls=https://10.0.0.1:2380",
            "--initial-cluster=node=https://10.0.0.1:2380",
            "--key-file=/etc/kubernetes/pki/etcd/server.key",
            "--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379",
            "--listen-metrics-urls=http://127.0.0.1:2381",
            "--listen-peer-urls=https://10.0.0.1:2380",
            "--name=node",
            "--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt",
            "--peer-client-cert-auth=true",
            "--peer-key-file=/etc/kubernetes/pki/etcd/peer.key",
            "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
            "--snapshot-count=10000",
            "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt");

    assertThat(config.history().progressInterval()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.member().dataDirectory()).isEqualTo(Path.of("/var/lib/etcd"));
    assertThat(config.cluster()).isNull();
    assertThat(config.warnings())
        .hasSize(10)
        .allMatch(warning -> warning.contains("Ignored") || warning.contains("not used"));
  }

  @Test
  void config_switches() throws ConfigException {
    for (String flag : List.of("--client-cert-auth", "--client-cert-auth=true")) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> TestConfig.of(flag))
          .withMessageContaining("--trusted-ca-file");
    }
    assertThat(TestConfig.of("--client-cert-auth=false").tls()).isNull();
  }

  @Test
  void config_givenTwice() throws ConfigException {
    ServerConfig config =
        TestConfig.of("--name=a", "--name=b", "--engine-option=a=1", "--engine-option=b=2");

    assertThat(config.member().name()).isEqualTo("b");
    assertThat(config.engine().options()).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  private int execute(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
