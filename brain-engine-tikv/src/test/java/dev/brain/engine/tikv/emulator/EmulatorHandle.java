// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An emulator that runs as a process of its own, with this process's class path; it dies with this
 * process. Thread-safe; commands are executed one after the other.
 */
public final class EmulatorHandle implements AutoCloseable {
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;
  private final List<String> addresses;

  private EmulatorHandle(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.addresses = Arrays.asList(answer().split(" "));
  }

  /**
   * Returns when it listens.
   *
   * @param log where its log is appended
   */
  public static EmulatorHandle start(int stores, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            EmulatorProcess.class.getName(),
            Integer.toString(stores));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new EmulatorHandle(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PD's {@code host:port} of the first front. */
  public String pdAddress() {
    return addresses.getFirst();
  }

  /** The addresses of one more front: PD's, then those of the stores. */
  public List<String> openFront() {
    return Arrays.asList(execute("open-front").split(" "));
  }

  public Process process() {
    return process;
  }

  /**
   * Executes a command of {@link EmulatorProcess}; what it answers behind {@code ok}, which may be
   * empty.
   *
   * @throws IllegalStateException if the emulator answers with an error or has ended
   */
  public synchronized String execute(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new IllegalStateException("the emulator has ended", e);
    }
    return answer();
  }

  private String answer() {
    try {
      String line = answers.readLine();
      if (line == null || !line.startsWith("ok")) {
        throw new IllegalStateException(line == null ? "the emulator has ended" : line);
      }
      return line.substring(2).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
