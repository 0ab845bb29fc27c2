// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code brain completion}. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes brain's commands and flags in bash and zsh.",
      "In a shell: source <(brain completion)"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(AutoComplete.bash("brain", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return Main.OK;
  }
}
