// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FakeServer server;
  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void run_soundServer_showsTheFiguresAndCleansUp() {
    int code = execute("run", "insert", "get", "--endpoint", endpoint());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("insert on " + endpoint()).contains("version 3.6.0-fake");
    assertThat(server.store().count("")).isZero();
  }

  @Test
  void run_keep_leavesTheKeys() {
    assertThat(execute("run", "get", "--endpoint", endpoint(), "--keep")).isZero();
    assertThat(server.store().count("/registry/brain-bench/keys-40-512/")).isEqualTo(40);
  }

  @Test
  void run_jsonToStandardOutput_isNothingElse() {
    assertThat(execute("run", "count", "--endpoint", endpoint(), "--json", "-")).isZero();
    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(json.getAsJsonArray("runs")).hasSize(1);
  }

  @Test
  void compare_oneServerWithItself_showsRatios() throws IOException {
    Path json = directory.resolve("result.json");
    int code =
        execute(
            "compare",
            "get",
            "lease",
            "--a",
            endpoint(),
            "--b",
            endpoint(),
            "--turns",
            "2",
            "--json",
            json.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).containsPattern("get +operations/s").contains("keepalives/s");
    JsonObject read = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertThat(read.getAsJsonArray("runs")).hasSize(8);
    assertThat(read.getAsJsonArray("comparisons")).hasSize(2);
  }

  @Test
  void compare_saturation_measuresBothAtAShareOfTheRateOfB() throws IOException {
    Path json = directory.resolve("result.json");
    int code =
        execute(
            "compare",
            "get",
            "--a",
            endpoint(),
            "--b",
            endpoint(),
            "--turns",
            "1",
            "--saturation",
            "0.5",
            "--json",
            json.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    JsonObject read = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    JsonObject closed = read.getAsJsonArray("runs").get(1).getAsJsonObject();
    assertThat(closed.get("rate").getAsDouble()).isZero();
    double rateOfB = closed.get("throughput").getAsDouble();
    JsonObject fixed = read.getAsJsonArray("comparisons").get(1).getAsJsonObject();
    assertThat(fixed.get("rate").getAsDouble()).isCloseTo(rateOfB / 2, within(1e-3));
    assertThat(out.toString()).contains("kept up").contains("get at ");
  }

  @Test
  void fill_keys_areLeftForTheNextRun() {
    String[] fill = {"fill", "--endpoint", endpoint(), "--keys", "40", "--rewrites", "2"};
    assertThat(Main.commandLine().execute(fill)).isZero();
    assertThat(server.store().count("/keys-40-512/")).isEqualTo(40);
    assertThat(server.store().revision()).isEqualTo(1 + 40 + 2 * 40);
    assertThat(execute("run", "get", "--endpoint", endpoint(), "--keep")).isZero();
    assertThat(server.store().revision()).isEqualTo(1 + 40 + 2 * 40);
  }

  @Test
  void run_html_isOnePageWithPlots() throws IOException {
    Path page = directory.resolve("report.html");
    assertThat(execute("run", "get", "--endpoint", endpoint(), "--html", page.toString())).isZero();
    assertThat(Files.readString(page))
        .contains("<svg")
        .contains("Latency of get")
        .contains(endpoint());
  }

  @Test
  void run_nobodyListens_saysSoInALine() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(execute("run", "get", "--endpoint", "127.0.0.1:" + free)).isOne();
    assertThat(err.toString())
        .startsWith("bench: endpoint: http://127.0.0.1:" + free + " does not answer (expected: ")
        .hasLineCount(1);
  }

  @Test
  void run_certificateThatIsNone_saysSoInALine() {
    String url = "https://127.0.0.1:" + server.endpoint().port();
    String file = directory.resolve("absent.pem").toString();
    assertThat(execute("run", "get", "--endpoint", url, "--cacert", file)).isOne();
    assertThat(err.toString())
        .startsWith("bench: --cacert: " + file + ", --cert: null, --key: null (expected: readable")
        .hasLineCount(1);
  }

  @Test
  void run_severalFaults_areAllNamed() {
    int code =
        execute(
            "run",
            "get",
            "--connections",
            "0",
            "--value-size",
            "7",
            "--prefix",
            "/registry/",
            "--rate",
            "-1",
            "--cert",
            "c.pem",
            "--clients",
            "0");
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString().lines())
        .containsExactly(
            "bench: --connections: 0 (expected: from 1 to 10000)",
            "bench: --value-size: 7 (expected: from 8 to 1500000)",
            "bench: --prefix: /registry/ (expected: from / to /, with bench in the last name, as"
                + " all below it is deleted)",
            "bench: --cert: c.pem, --key: null (expected: both or neither)",
            "bench: --clients: 0 (expected: from 1 to 100000)",
            "bench: --rate: -1.0 (expected: from 0 to 1000000000)",
            "Try 'brain bench run --help'.");
  }

  @Test
  void run_unknownWorkload_namesTheKnown() {
    assertThat(execute("run", "nope")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("nope is no workload (expected: insert, get, list, ");
  }

  @Test
  void run_wrongDuration_saysWhatIsExpected() {
    assertThat(execute("run", "get", "--duration", "10")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("10 is no duration (expected: a number and a unit");
  }

  @Test
  void run_fileThatCannotBe_isRefusedBeforeTheRun() {
    String file = directory.resolve("absent").resolve("result.json").toString();
    assertThat(execute("run", "get", "--endpoint", endpoint(), "--json", file)).isOne();
    assertThat(err.toString()).startsWith("bench: --json: " + file + " cannot be written: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void compare_keySizeTooSmall_saysWhy() {
    int code = execute("compare", "get", "--a", endpoint(), "--b", endpoint(), "--key-size", "50");
    assertThat(code).isOne();
    assertThat(err.toString()).startsWith("bench: key size: 50 (expected: at least ");
  }

  @Test
  void help_withoutCommand_listsTheCommands() {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    assertThat(line.execute("--help")).isZero();
    assertThat(out.toString()).contains("run ").contains("compare ");
  }

  @Test
  void help_run_listsTheWorkloads() {
    assertThat(execute("run", "--help")).isZero();
    assertThat(out.toString()).contains("range-stream  list all keys in one stream");
  }

  private String endpoint() {
    return server.endpoint().toString();
  }

  /** Small and short, unless the arguments say otherwise. */
  private int execute(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    for (String option : List.of("--keys=40", "--warm-up=0s", "--count=100", "--timeout=10s")) {
      all.add(option);
    }
    if (!all.contains("--clients")) {
      all.add("--clients=4");
    }
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(all.toArray(String[]::new));
  }
}
