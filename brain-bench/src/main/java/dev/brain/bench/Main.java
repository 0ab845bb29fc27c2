// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.wire.Endpoint;
import dev.brain.bench.workload.WorkloadException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * The command {@code brain bench}. It exits with 0 when every run has measured something and found
 * no fault, with 1 when not, and with 2 when the command line is wrong.
 */
@Command(
    name = "brain bench",
    description = "Measures servers of the etcd v3 API: throughput, latency, CPU time, memory.",
    subcommands = {
      RunCommand.class,
      CompareCommand.class,
      FillCommand.class,
      OverloadCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final int USAGE_WIDTH = 110;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  private Main() {}

  /** Runs the command and ends the JVM. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line with all its parts, to be executed once. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.registerConverter(Duration.class, new DurationConverter());
    line.registerConverter(Endpoint.class, Main::endpoint);
    line.setExecutionExceptionHandler(Main::failed);
    line.setParameterExceptionHandler(Main::misused);
    line.setUsageHelpWidth(USAGE_WIDTH);
    line.getSubcommands()
        .values()
        .forEach(
            command -> {
              UsageMessageSpec usage = command.getCommandSpec().usageMessage();
              if (command.getCommand() instanceof RunCommand
                  || command.getCommand() instanceof CompareCommand) {
                usage.footerHeading("%nWorkloads:%n").footer(Workloads.help());
              }
            });
    return line;
  }

  /** Ends the command with all its faults, if there are any. */
  static void refuse(CommandSpec spec, List<String> faults) {
    if (!faults.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), faults));
    }
  }

  private static Endpoint endpoint(String text) {
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** What a user can mend is said in a line; the rest is our fault and shows where. */
  private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult ignored)
      throws Exception {
    if (failure instanceof WorkloadException || failure instanceof IOException) {
      line.getErr().println("bench: " + failure.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw failure;
  }

  private static int misused(ParameterException fault, String[] ignored) {
    CommandLine command = fault.getCommandLine();
    String.valueOf(fault.getMessage())
        .lines()
        .forEach(text -> command.getErr().println("bench: " + text));
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }
}
