// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.wire.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How every command reaches its servers, what it writes there, and where it reports. */
final class ClientOptions {
  private static final int LARGEST_VALUE = 1_500_000;
  private static final int LARGEST_KEY = 4096;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "50",
      description = "Connections the clients share (default: ${DEFAULT-VALUE}).")
  int connections;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of this client (default: one per two processors).")
  int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(
      names = "--key-size",
      paramLabel = "BYTES",
      defaultValue = "70",
      description = "Size of every key (default: ${DEFAULT-VALUE}).")
  int keySize;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      defaultValue = "512",
      description = "Size of every value, which is random (default: ${DEFAULT-VALUE}).")
  int valueSize;

  @Option(
      names = "--prefix",
      paramLabel = "KEY",
      defaultValue = "/registry/brain-bench/",
      description =
          "All keys are below it, and all below it is deleted in the end (default: ${DEFAULT-VALUE}).")
  String prefix;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the random values (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long to wait for an answer that others wait for (default: ${DEFAULT-VALUE}).")
  Duration timeout;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Authorities that may have signed the server's certificate (PEM).")
  @Nullable Path authority;

  @Option(names = "--cert", paramLabel = "FILE", description = "Certificate of this client (PEM).")
  @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Key of the certificate (PEM, PKCS#8, not encrypted).")
  @Nullable Path key;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  /** All that is wrong with the values, one line each. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    check(faults, "--connections", connections, 1, 10_000);
    check(faults, "--threads", threads, 1, 1_000);
    check(faults, "--key-size", keySize, 1, LARGEST_KEY);
    check(faults, "--value-size", valueSize, Long.BYTES, LARGEST_VALUE);
    if (timeout.isZero()) {
      faults.add("--timeout: 0 (expected: more)");
    }
    if (!prefix.matches("/[\\x21-\\x7e]*bench[^/]*/")) {
      faults.add(
          "--prefix: "
              + prefix
              + " (expected: from / to /, with bench in the last name, as all below it is deleted)");
    }
    if ((certificate == null) != (key == null)) {
      faults.add("--cert: " + certificate + ", --key: " + key + " (expected: both or neither)");
    }
    return faults;
  }

  /** Refuses a value out of bounds. */
  static void check(List<String> faults, String option, long value, long least, long most) {
    if (value < least || value > most) {
      faults.add(option + ": " + value + " (expected: from " + least + " to " + most + ")");
    }
  }

  /** Refuses a process that is not there; 0 stands for none. */
  static void checkProcess(List<String> faults, String option, long pid) {
    if (pid != 0 && ProcessHandle.of(pid).isEmpty()) {
      faults.add(option + ": " + pid + " (expected: a running process)");
    }
  }

  Credentials credentials() {
    return new Credentials(authority, certificate, key);
  }
}
