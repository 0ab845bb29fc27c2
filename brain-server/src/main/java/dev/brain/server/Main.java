// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code brain} command. */
@Command(
    name = "brain",
    header = "An etcd-compatible storage server for Kubernetes.",
    description = {
      "",
      "brain server starts a server that kube-apiserver, etcdctl and every other client of etcd"
          + " take for etcd.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "Options:%n",
    footer = {
      "",
      "brain bench measures this server, or any of the etcd v3 API; it is a program of its own.",
      "brain COMMAND --help tells more of a command."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class)
public final class Main {
  /** Ended well. */
  static final int OK = 0;

  /** Could not do what it was asked to. */
  static final int FAILED = 1;

  /** Was asked wrongly. */
  static final int USAGE = 2;

  private Main() {}

  /** Runs a command and exits with 0 if it ended well, 2 for a wrong command line, else 1. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new Main())
            .addSubcommand(ServerCommand.commandLine())
            .addSubcommand(new SnapshotCommand())
            .addSubcommand(new VersionCommand())
            .addSubcommand(new CompletionCommand());
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setOverwrittenOptionsAllowed(true);
    return commandLine;
  }
}
