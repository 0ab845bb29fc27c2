// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.workload.WorkloadKind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench run}: measures one server. */
@Command(name = "run", description = "Measures one server at one workload or several.")
final class RunCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "1..*",
      converter = Workloads.class,
      description = "What to measure, one after the other; see below.")
  List<WorkloadKind> kinds;

  @Mixin ServerOption server;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      defaultValue = "0",
      description =
          "The server's process, if it runs on this machine: shows its CPU time and memory.")
  long pid;

  @Mixin LoadOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> faults = options.faults();
    ClientOptions.checkProcess(faults, "--pid", pid);
    Main.refuse(spec, faults);
    try (Report report = Report.open(options, spec.commandLine().getOut());
        Bench bench = new Bench(options.client, spec.commandLine().getErr());
        Session session = bench.connect(server.endpoint, pid)) {
      for (WorkloadKind kind : kinds) {
        report.add(session.run(options, kind, 0, 1));
      }
      if (!options.results.keep) {
        session.clean();
      }
      return report.exitCode();
    }
  }
}
