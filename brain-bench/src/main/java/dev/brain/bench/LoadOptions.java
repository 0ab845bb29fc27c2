// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.Plan;
import dev.brain.bench.wire.Credentials;
import dev.brain.bench.workload.Shape;
import dev.brain.bench.workload.WorkloadKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What runs on any server are asked to do. */
final class LoadOptions {
  private static final int LARGEST_VALUE = 1_500_000;
  private static final int LARGEST_KEY = 4096;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Operations under way at once (default: as the workload needs, see below).")
  @Nullable Integer clients;

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
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Operations due per second; latency then counts from when one is due. 0: as many as the clients can do"
              + " (default).")
  double rate;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "How long operations run before they are measured (default: ${DEFAULT-VALUE}).")
  Duration warmUp;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long operations are measured at most (default: ${DEFAULT-VALUE}).")
  Duration duration;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "How many operations are measured at most (default: ${DEFAULT-VALUE}).")
  long count;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Keys to get, list, count, update or delete (default: ${DEFAULT-VALUE}).")
  int keys;

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
      names = "--page-size",
      paramLabel = "N",
      defaultValue = "500",
      description = "Keys per page of a list (default: ${DEFAULT-VALUE}).")
  int pageSize;

  @Option(
      names = "--watchers",
      paramLabel = "N",
      defaultValue = "100",
      description = "Watches on all keys that are created (default: ${DEFAULT-VALUE}).")
  int watchers;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Node leases that take heartbeats (default: ${DEFAULT-VALUE}).")
  int nodes;

  @Option(
      names = "--prefix",
      paramLabel = "KEY",
      defaultValue = "/registry/brain-bench/",
      description =
          "All keys are below it, and all below it is deleted in the end (default: ${DEFAULT-VALUE}).")
  String prefix;

  @Option(
      names = "--keep",
      description = "Leave the keys on the server, to be found by the next command.")
  boolean keep;

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
      names = "--max-errors",
      paramLabel = "N",
      defaultValue = "1000",
      description = "More failed operations end a run early (default: ${DEFAULT-VALUE}).")
  long maxErrors;

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
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON; - for the standard output, instead of text.")
  @Nullable String json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  /** All that is wrong with the values, one line each. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (clients != null) {
      check(faults, "--clients", clients, 1, 100_000);
    }
    check(faults, "--connections", connections, 1, 10_000);
    check(faults, "--threads", threads, 1, 1_000);
    check(faults, "--count", count, 1, Long.MAX_VALUE);
    check(faults, "--keys", keys, 1, 100_000_000);
    check(faults, "--key-size", keySize, 1, LARGEST_KEY);
    check(faults, "--value-size", valueSize, Long.BYTES, LARGEST_VALUE);
    check(faults, "--page-size", pageSize, 1, Integer.MAX_VALUE);
    check(faults, "--watchers", watchers, 1, 100_000);
    check(faults, "--nodes", nodes, 1, 100_000_000);
    check(faults, "--max-errors", maxErrors, 0, Long.MAX_VALUE);
    if (!(rate >= 0 && rate <= 1e9)) {
      faults.add("--rate: " + rate + " (expected: from 0 to 1000000000)");
    }
    if (duration.isZero()) {
      faults.add("--duration: 0 (expected: more)");
    }
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

  private static void check(List<String> faults, String option, long value, long least, long most) {
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

  int clientsFor(WorkloadKind kind) {
    return clients == null ? kind.defaultClients() : clients;
  }

  Shape shape() {
    return new Shape(prefix, keySize, keys, pageSize, watchers, nodes);
  }

  Plan plan(WorkloadKind kind) {
    return new Plan(clientsFor(kind), rate, warmUp, duration, count, timeout, maxErrors);
  }

  /** The values that decide what is measured, for the report. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("clients", clients == null ? "by workload" : clients);
    settings.put("connections", connections);
    settings.put("threads", threads);
    settings.put("rate", rate);
    settings.put("warmUpSeconds", warmUp.toMillis() / 1e3);
    settings.put("durationSeconds", duration.toMillis() / 1e3);
    settings.put("count", count);
    settings.put("keys", keys);
    settings.put("keySize", keySize);
    settings.put("valueSize", valueSize);
    settings.put("pageSize", pageSize);
    settings.put("watchers", watchers);
    settings.put("nodes", nodes);
    settings.put("seed", seed);
    return settings;
  }
}
