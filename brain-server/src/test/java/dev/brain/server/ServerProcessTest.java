// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.server.transport.ClientChannels;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process. */
final class ServerProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void kill() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void process_stopsBySignal() throws Exception {
    int port = BrainServerTest.freePort();
    Path log = directory.resolve("log");
    Process process = start(log, "server", dataDir(), listen(port), "--engine=rocksdb");
    put(port, 10);

    process.destroy();

    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isEqualTo(0);
    assertThat(Files.readString(log).lines())
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
        .anyMatch(line -> line.contains("\"ready\"") && line.contains(":" + port))
        .anyMatch(line -> line.contains("\"stopping\""))
        .last()
        .asString()
        .contains("\"stopped\"");
  }

  @Test
  void process_cannotStart() throws Exception {
    int port = BrainServerTest.freePort();
    start(directory.resolve("first"), "server", dataDir(), listen(port));
    put(port, 1);
    Path log = directory.resolve("second");

    Process second = start(log, "server", dataDir(), listen(port));

    assertThat(second.waitFor(PATIENCE)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log).lines())
        .singleElement()
        .asString()
        .startsWith("brain server: ")
        .contains(directory.resolve("data").toString());
    put(port, 1);
  }

  @Test
  void process_wrongFlags() throws Exception {
    Path log = directory.resolve("log");
    Process process = start(log, "server", "--nonsense", "--max-txn-ops=-1");

    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(Files.readString(log))
        .contains("--nonsense: unknown flag", "--max-txn-ops: -1 (expected: ");
  }

  /** Nobody reads what the server logs, and it logs more than a pipe holds. */
  @Test
  void process_logsBlocked() throws Exception {
    int port = BrainServerTest.freePort();
    Process process = start(null, "server", dataDir(), listen(port), "--log-level=debug");

    put(port, 2_000);

    assertThat(process.isAlive()).isTrue();
    process.destroy();
    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isEqualTo(0);
  }

  @Test
  void process_savesAndRestores() throws Exception {
    int port = BrainServerTest.freePort();
    start(directory.resolve("log"), "server", dataDir(), listen(port));
    put(port, 100);
    Path file = directory.resolve("backup");
    Path restored = directory.resolve("restored");

    assertThat(run("snapshot", "save", file.toString(), "--endpoints=127.0.0.1:" + port))
        .contains("saved " + file, "revision 101")
        .hasLineCount(1);
    assertThat(run("snapshot", "status", file.toString(), "-w", "json"))
        .contains("\"revision\":101", "\"totalKey\":100");
    assertThat(run("snapshot", "restore", file.toString(), "--data-dir=" + restored))
        .contains("restored " + restored)
        .hasLineCount(1);
    assertThat(run("snapshot", "restore", file.toString(), "--data-dir=" + restored))
        .contains("brain snapshot: ", "is not empty")
        .hasLineCount(1);
    Files.writeString(file, "nonsense");
    assertThat(run("snapshot", "status", file.toString()))
        .startsWith("brain snapshot: ")
        .hasLineCount(1);

    int other = BrainServerTest.freePort();
    start(directory.resolve("other"), "server", "--data-dir=" + restored, listen(other));
    assertThat(put(other, 1)).isEqualTo(102);
  }

  private String dataDir() {
    return "--data-dir=" + directory.resolve("data");
  }

  private static String listen(int port) {
    return "--listen-client-urls=http://127.0.0.1:" + port;
  }

  /** Starts the command; what it writes goes to a file, or to a pipe that nobody reads. */
  private Process start(@Nullable Path log, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.brain.server.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (log != null) {
      builder.redirectOutput(log.toFile());
    }
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String run(String... arguments) throws Exception {
    Process process = start(null, arguments);
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE)).isTrue();
    return text;
  }

  /** Puts so many values, waiting for the server to start; returns the last revision. */
  private static long put(int port, int count) throws Exception {
    ManagedChannel channel =
        ClientChannels.open("127.0.0.1:" + port, new ClientChannels.Files(null, null, null));
    try {
      AtomicLong first = new AtomicLong();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                first.set(put(channel, 0));
                return true;
              });
      long revision = first.get();
      for (int i = 1; i < count; i++) {
        revision = put(channel, i);
      }
      return revision;
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static long put(ManagedChannel channel, int number) {
    return KVGrpc.newBlockingStub(channel)
        .put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key" + number)).build())
        .getHeader()
        .getRevision();
  }
}
