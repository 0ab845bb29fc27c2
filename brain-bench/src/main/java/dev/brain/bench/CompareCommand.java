// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.report.Comparison;
import dev.brain.bench.report.Measurement;
import dev.brain.bench.report.Spread;
import dev.brain.bench.wire.Endpoint;
import dev.brain.bench.workload.WorkloadKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench compare}: measures two servers in turns. */
@Command(
    name = "compare",
    description = "Measures two servers in turns, A B A B, and shows medians and ratios.")
final class CompareCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      converter = Workloads.class,
      description =
          "What to measure, one after the other (default: all below but range-stream and node-scale).")
  List<WorkloadKind> kinds = Workloads.COMMON;

  @Option(names = "--a", paramLabel = "URL", required = true, description = "The first server.")
  Endpoint a;

  @Option(names = "--b", paramLabel = "URL", required = true, description = "The second server.")
  Endpoint b;

  @Option(
      names = "--a-pid",
      paramLabel = "PID",
      defaultValue = "0",
      description =
          "The first server's process, if it runs on this machine: shows CPU time and memory.")
  long processOfA;

  @Option(
      names = "--b-pid",
      paramLabel = "PID",
      defaultValue = "0",
      description = "The second server's process.")
  long processOfB;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often each server is measured at each workload (default: ${DEFAULT-VALUE}).")
  int turns;

  @Option(
      names = "--saturation",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Measures both also at this share of the rate that B reached, such as 0.9, which is where latencies can"
              + " be compared. 0: does not (default).")
  double saturation;

  @Option(
      names = "--saturation-turns",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each server is measured there (default: ${DEFAULT-VALUE}).")
  int saturationTurns;

  @Mixin LoadOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> faults = options.faults();
    if (turns < 1) {
      faults.add("--turns: " + turns + " (expected: at least 1)");
    }
    if (saturationTurns < 1) {
      faults.add("--saturation-turns: " + saturationTurns + " (expected: at least 1)");
    }
    if (!(saturation >= 0 && saturation <= 2)) {
      faults.add("--saturation: " + saturation + " (expected: from 0 to 2)");
    }
    ClientOptions.checkProcess(faults, "--a-pid", processOfA);
    ClientOptions.checkProcess(faults, "--b-pid", processOfB);
    Main.refuse(spec, faults);
    try (Report report = Report.open(options, spec.commandLine().getOut());
        Bench bench = new Bench(options.client, spec.commandLine().getErr());
        Session first = bench.connect(a, processOfA);
        Session second = bench.connect(b, processOfB)) {
      for (WorkloadKind kind : kinds) {
        Turns free = new Turns(first, second, report, kind);
        free.take(turns, 0);
        double rate = saturation * free.rateOfB();
        if (rate > 0) {
          new Turns(first, second, report, kind).take(saturationTurns, rate);
        }
      }
      if (!options.results.keep) {
        first.clean();
        second.clean();
      }
      return report.exitCode();
    }
  }

  /** One workload on both servers at one rate. */
  private final class Turns {
    private final Session first;
    private final Session second;
    private final Report report;
    private final WorkloadKind kind;
    private final List<LoadResult> ofA = new ArrayList<>();
    private final List<LoadResult> ofB = new ArrayList<>();

    Turns(Session first, Session second, Report report, WorkloadKind kind) {
      this.first = first;
      this.second = second;
      this.report = report;
      this.kind = kind;
    }

    void take(int number, double rate) throws InterruptedException {
      for (int turn = 1; turn <= number; turn++) {
        ofA.add(measure(first, turn, rate));
        ofB.add(measure(second, turn, rate));
      }
      report.add(Comparison.of(kind.toString(), ofA, ofB));
    }

    private LoadResult measure(Session session, int turn, double rate) throws InterruptedException {
      Measurement measurement = session.run(options, kind, rate, turn);
      report.add(measurement);
      return measurement.result();
    }

    /** Operations per second, the median of the turns. */
    double rateOfB() {
      return Spread.of(ofB.stream().map(LoadResult::operationsPerSecond).toList()).median();
    }
  }
}
