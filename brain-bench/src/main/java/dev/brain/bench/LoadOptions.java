// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.Plan;
import dev.brain.bench.workload.Shape;
import dev.brain.bench.workload.WorkloadKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What runs of workloads are asked to do. */
final class LoadOptions {
  @Mixin ClientOptions client;

  @Mixin ResultOptions results;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the results as one HTML page with plots.")
  @Nullable Path html;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Operations under way at once (default: as the workload needs, see below).")
  @Nullable Integer clients;

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
      names = "--max-errors",
      paramLabel = "N",
      defaultValue = "1000",
      description = "More failed operations end a run early (default: ${DEFAULT-VALUE}).")
  long maxErrors;

  @Option(
      names = "--apiservers",
      paramLabel = "N",
      defaultValue = "3",
      description = "Servers that watch and list in node-scale (default: ${DEFAULT-VALUE}).")
  int apiservers;

  /** All that is wrong with the values, one line each. */
  List<String> faults() {
    List<String> faults = client.faults();
    if (clients != null) {
      ClientOptions.check(faults, "--clients", clients, 1, 100_000);
    }
    ClientOptions.check(faults, "--count", count, 1, Long.MAX_VALUE);
    ClientOptions.check(faults, "--keys", keys, 1, 100_000_000);
    ClientOptions.check(faults, "--page-size", pageSize, 1, Integer.MAX_VALUE);
    ClientOptions.check(faults, "--watchers", watchers, 1, 100_000);
    ClientOptions.check(faults, "--nodes", nodes, 1, 1_000_000);
    ClientOptions.check(faults, "--apiservers", apiservers, 1, 100);
    ClientOptions.check(faults, "--max-errors", maxErrors, 0, Long.MAX_VALUE);
    if (!(rate >= 0 && rate <= 1e9)) {
      faults.add("--rate: " + rate + " (expected: from 0 to 1000000000)");
    }
    if (duration.isZero()) {
      faults.add("--duration: 0 (expected: more)");
    }
    return faults;
  }

  int clientsFor(WorkloadKind kind) {
    return clients == null ? kind.defaultClients() : clients;
  }

  Shape shape() {
    return new Shape(client.prefix, client.keySize, keys, pageSize, watchers, nodes, apiservers);
  }

  /** A rate of 0 stands for the one of the options. */
  Plan plan(WorkloadKind kind, double otherRate) {
    return new Plan(
        clientsFor(kind),
        otherRate > 0 ? otherRate : rate,
        warmUp,
        duration,
        count,
        client.timeout,
        maxErrors);
  }

  /** The values that decide what is measured, for the report. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("clients", clients == null ? "by workload" : clients);
    settings.put("connections", client.connections);
    settings.put("threads", client.threads);
    settings.put("rate", rate);
    settings.put("warmUpSeconds", warmUp.toMillis() / 1e3);
    settings.put("durationSeconds", duration.toMillis() / 1e3);
    settings.put("count", count);
    settings.put("keys", keys);
    settings.put("keySize", client.keySize);
    settings.put("valueSize", client.valueSize);
    settings.put("pageSize", pageSize);
    settings.put("watchers", watchers);
    settings.put("nodes", nodes);
    settings.put("apiservers", apiservers);
    settings.put("seed", client.seed);
    return settings;
  }
}
