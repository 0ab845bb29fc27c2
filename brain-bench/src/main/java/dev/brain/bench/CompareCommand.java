// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.LoadResult;
import dev.brain.bench.report.Comparison;
import dev.brain.bench.report.Measurement;
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
      description = "What to measure, one after the other (default: all below but range-stream).")
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

  @Mixin LoadOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> faults = options.faults();
    if (turns < 1) {
      faults.add("--turns: " + turns + " (expected: at least 1)");
    }
    LoadOptions.checkProcess(faults, "--a-pid", processOfA);
    LoadOptions.checkProcess(faults, "--b-pid", processOfB);
    Main.refuse(spec, faults);
    try (Report report = Report.open(options, spec.commandLine().getOut());
        Bench bench = new Bench(options, spec.commandLine().getErr());
        Session first = bench.connect(a, processOfA);
        Session second = bench.connect(b, processOfB)) {
      for (WorkloadKind kind : kinds) {
        List<LoadResult> ofA = new ArrayList<>();
        List<LoadResult> ofB = new ArrayList<>();
        for (int turn = 1; turn <= turns; turn++) {
          ofA.add(measure(first, kind, turn, report));
          ofB.add(measure(second, kind, turn, report));
        }
        report.add(Comparison.of(kind.toString(), ofA, ofB));
      }
      first.clean();
      second.clean();
      return report.exitCode();
    }
  }

  private static LoadResult measure(Session session, WorkloadKind kind, int turn, Report report)
      throws InterruptedException {
    Measurement measurement = session.run(kind, turn);
    report.add(measurement);
    return measurement.result();
  }
}
