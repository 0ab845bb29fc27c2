// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own, on loopback. It can be ended in any way and started again on
 * the same data and port. Not thread-safe. It ends with {@link #close()}, at the latest with this
 * JVM.
 */
public final class Server implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final Program program;
  private final Path directory;
  private final Path data;
  private final int clientPort;
  private final int peerPort;
  private final List<String> flags;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private @Nullable Process process;

  private Server(Program program, Path directory, List<String> flags) {
    this.program = program;
    this.directory = directory;
    this.data = directory.resolve("data");
    this.clientPort = Ports.free();
    this.peerPort = Ports.free();
    this.flags = List.copyOf(flags);
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "end " + program));
  }

  /** A server of {@code program} that keeps data and log below {@code directory}; not started. */
  public static Server of(Program program, Path directory, String... flags) {
    return new Server(program, directory, List.of(flags));
  }

  /** A server that answers. */
  public static Server started(Program program, Path directory, String... flags) {
    Server server = of(program, directory, flags);
    server.start();
    return server;
  }

  /** Sets a variable of the environment of later starts. */
  public void environment(String name, String value) {
    environment.put(name, value);
  }

  /** Starts it and returns once it accepts connections. */
  public void start() {
    launch();
    Awaitility.await(program + " to listen")
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .failFast(() -> requireAlive())
        .until(this::listens);
  }

  /** Starts it without waiting, for a start that should fail. */
  public void launch() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException(program + " is running already");
    }
    try {
      Files.createDirectories(directory);
      List<String> command = new ArrayList<>(program.command(data, clientPort, peerPort));
      command.addAll(flags);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      process =
          builder
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the process to end by itself. */
  public int awaitExit() {
    Process running = running();
    try {
      if (!running.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(program + " still runs after " + START + "\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return running.exitValue();
  }

  /** SIGTERM, then waits for the end. Returns the exit code. */
  public int stop() {
    Process running = running();
    running.destroy();
    try {
      if (!running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(program + " does not end on SIGTERM\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return running.exitValue();
  }

  /** SIGKILL, then waits for the end. Does nothing if it does not run. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** SIGSTOP: it stands still, and its connections stay open, until {@link #resume()}. */
  public void pause() {
    signal("-STOP");
  }

  /** SIGCONT. Does nothing if it is not paused. */
  public void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    try (Tool tool =
        Tool.start(directory, Map.of(), "", List.of("kill", name, Long.toString(pid())))) {
      Tool.Result result = tool.await(STOP);
      if (result.code() != 0) {
        throw new IllegalStateException("kill " + name + ": " + result);
      }
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** Whether the process runs. */
  public boolean alive() {
    return process != null && process.isAlive();
  }

  /** The id of the running process. */
  public long pid() {
    return running().pid();
  }

  /** The port that clients connect to. */
  public int port() {
    return clientPort;
  }

  /** The program that it runs. */
  public Program program() {
    return program;
  }

  /** Where it keeps its data. */
  public Path data() {
    return data;
  }

  /** All that it has printed, over all starts. */
  public String output() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Memory of the process that is in RAM, in bytes. */
  public long residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      throw new IllegalStateException("no VmRSS of " + program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return directory.resolve("log");
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(program + " was never started");
    }
    return process;
  }

  private void requireAlive() {
    if (!running().isAlive()) {
      throw new IllegalStateException(
          program + " ended with " + running().exitValue() + " instead of serving\n" + output());
    }
  }

  /** Whether it accepts connections. */
  public boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
