// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.ProcessHandle.Info;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the operating system says of this process, under Prometheus' own names, which {@code etcdctl
 * check} and dashboards look for. Read from {@code /proc}; where there is none, the values are NaN.
 */
public final class ProcessMetrics implements MeterBinder {
  private final Path proc;

  /**
   * @param proc the process's directory in {@code /proc}
   */
  public ProcessMetrics(Path proc) {
    this.proc = proc;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "process_resident_memory_bytes",
        "Resident memory size in bytes.",
        p -> p.status("VmRSS:") * 1024);
    gauge(
        registry,
        "process_virtual_memory_bytes",
        "Virtual memory size in bytes.",
        p -> p.status("VmSize:") * 1024);
    gauge(
        registry,
        "process_open_fds",
        "Number of open file descriptors.",
        ProcessMetrics::openFiles);
    gauge(
        registry,
        "process_max_fds",
        "Maximum number of open file descriptors.",
        p -> p.number("limits", "Max open files"));
    double start =
        ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L) / 1e3;
    gauge(
        registry,
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        p -> start);
    FunctionCounter.builder("process_cpu_seconds", registry, _ -> cpuSeconds())
        .description("Total user and system CPU time spent in seconds.")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ProcessMetrics> value) {
    Gauge.builder(name, this, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static double cpuSeconds() {
    Info info = ProcessHandle.current().info();
    return info.totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
  }

  private double status(String field) {
    return number("status", field);
  }

  private double openFiles() {
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      return files.count();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** The first number after a word at the beginning of a line. */
  private double number(String file, String field) {
    try (Stream<String> lines = Files.lines(proc.resolve(file))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(field.length()).strip().split("\\s+", 2)[0])
          .filter(number -> number.matches("[0-9]+"))
          .mapToDouble(Double::parseDouble)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
