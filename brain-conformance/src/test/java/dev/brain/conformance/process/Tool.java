// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A command-line program that runs and is watched by what it prints. Its output goes to files, so
 * that it never waits for a reader. It ends with {@link #close()}.
 */
public final class Tool implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How a program ended: exit code, standard output, standard error. */
  public record Result(int code, String out, String err) {}

  private final Process process;
  private final Path out;
  private final Path err;
  private final String name;

  private Tool(Process process, Path out, Path err, String name) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.name = name;
  }

  /** Starts a program in {@code directory}; {@code input} is all of its standard input. */
  public static Tool start(
      Path directory, Map<String, String> environment, String input, List<String> command) {
    Tool tool = interactive(directory, environment, input, command);
    try {
      tool.process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tool;
  }

  /** Starts a program that reads {@code input} and then waits for more, which never comes. */
  public static Tool interactive(
      Path directory, Map<String, String> environment, String input, List<String> command) {
    try {
      Files.createDirectories(directory);
      Path out = Files.createTempFile(directory, "tool", ".out");
      Path err = Files.createTempFile(directory, "tool", ".err");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process =
          builder
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      write(process, input);
      return new Tool(process, out, err, String.join(" ", command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits at most {@code atMost} for the end of the program. */
  public Result await(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " has not ended after " + atMost + "\n" + out());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Result(process.exitValue(), out(), read(err));
  }

  /** Waits until the standard output so far satisfies {@code enough}, and returns it. */
  public String awaitOutput(Predicate<String> enough) {
    try {
      Awaitility.await(name)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> enough.test(out()));
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new IllegalStateException(name + " has printed only\n" + out() + read(err), e);
    }
    return out();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** What was printed to standard output so far. */
  public String out() {
    return read(out);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static void write(Process process, String input) {
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException _) {
      // It has ended without reading, and says by its exit code why.
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
