// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * The server of the distribution as a process, on a free port of loopback and without a temporary
 * directory. Not thread-safe.
 */
final class RunningServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile("ready clients=\"\\[http://127\\.0\\.0\\.1:([0-9]+)]\"");

  private final Process process;
  private final Path log;
  private final int port;

  private RunningServer(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.port =
        Awaitility.await("the server to be ready")
            .atMost(PATIENCE)
            .failFast(
                () -> {
                  if (!process.isAlive()) {
                    throw new AssertionError("it ended: " + Files.readString(log));
                  }
                })
            .until(() -> READY.matcher(Files.readString(log)).results().toList(), l -> !l.isEmpty())
            .stream()
            .map(MatchResult::group)
            .map(line -> Integer.parseInt(line.replaceAll(".*:([0-9]+).*", "$1")))
            .findFirst()
            .orElseThrow();
  }

  /** Starts one that keeps its data below a directory, and returns once it serves. */
  static RunningServer start(Path distribution, Path directory, String... flags)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                distribution.resolve("bin/brain").toString(),
                "server",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=http://127.0.0.1:0",
                "--log-format=console"));
    command.addAll(List.of(flags));
    Path log = directory.resolve("log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("BRAIN_JAVA", System.getProperty("java.home") + "/bin/java");
    // A young generation so small that the collector has run before the server is ready.
    builder.environment().put("BRAIN_JAVA_OPTS", "-Xmn4m -Djava.io.tmpdir=/absent");
    Process process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new RunningServer(process, log);
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What it answers to a GET. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(PATIENCE)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** SIGTERM; returns the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE)) {
      throw new AssertionError("it does not end on SIGTERM");
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
