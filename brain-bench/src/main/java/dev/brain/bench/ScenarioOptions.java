// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.overload.Outcome;
import dev.brain.bench.overload.Scenario;
import dev.brain.bench.report.OutcomeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all scenarios of overload are asked, and how they are played and reported. */
final class ScenarioOptions {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Mixin ServerOption server;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      defaultValue = "0",
      description = "The server's process, if it runs on this machine: shows its memory.")
  long pid;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500",
      description =
          "Writes due per second, by which is told what others feel (default: ${DEFAULT-VALUE}); not of flood.")
  double rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long writes are measured alone; of flood: after which no more are begun (default: ${DEFAULT-VALUE}).")
  Duration duration;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "3m",
      description = "How long to wait until it is over (default: ${DEFAULT-VALUE}).")
  Duration patience;

  @Mixin ClientOptions client;

  @Mixin ResultOptions results;

  private final List<String> faults = new ArrayList<>();

  /** Refuses a value out of bounds, when the scenario is played. */
  void check(String option, long value, long least, long most) {
    ClientOptions.check(faults, option, value, least, most);
  }

  /** Plays a scenario on the server and reports it; returns the code to exit with. */
  int play(Scenario scenario) throws IOException, InterruptedException {
    faults.addAll(client.faults());
    ClientOptions.checkProcess(faults, "--pid", pid);
    if (!(rate >= 1 && rate <= 1e6)) {
      faults.add("--rate: " + rate + " (expected: from 1 to 1000000)");
    }
    Main.refuse(spec, faults);
    try (Writer file = results.open();
        Bench bench = new Bench(client, spec.commandLine().getErr());
        Session session = bench.connect(server.endpoint, pid)) {
      Outcome outcome = session.play(scenario);
      report(outcome, session.server(), file);
      if (!results.keep) {
        session.clean();
      }
      return outcome.holds() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private void report(Outcome outcome, String server, @Nullable Writer file) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (results.showsText()) {
      OutcomeReport.writeText(out, outcome, server);
    } else {
      OutcomeReport.writeJson(out, outcome, server);
    }
    if (file != null) {
      OutcomeReport.writeJson(file, outcome, server);
    }
  }
}
