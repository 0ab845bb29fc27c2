// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.config.ConfigException;
import dev.brain.server.config.ConfigLoader;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code brain server}. */
@Command(
    name = "server",
    header = "Starts a server.",
    description = {
      "",
      "Every flag is also an environment variable (--data-dir: BRAIN_DATA_DIR) and a key of the"
          + " config file (data-dir). A flag wins over the environment, the environment over the"
          + " file.",
      ""
    },
    synopsisHeading = "Usage: ",
    customSynopsis = "brain server [FLAGS]",
    footer = {
      "",
      "DURATION is 500ms, 5s, 10m or 1h30m. BYTES is a number, or one with KiB, MiB or GiB.",
      "",
      "Example: brain server --data-dir=/var/lib/brain --listen-client-urls=http://127.0.0.1:2379"
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  /** Makes the command, with a flag for every setting, in groups. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new ServerCommand());
    CommandSpec spec = commandLine.getCommandSpec();
    // All faults are to be told at once, so the parser must not stop at its first.
    spec.parser().collectErrors(true).unmatchedArgumentsAllowed(true);
    spec.parser().overwrittenOptionsAllowed(true);
    for (Setting.Group group : Setting.Group.values()) {
      boolean hidden = group == Setting.Group.IGNORED;
      ArgGroupSpec.Builder flags =
          ArgGroupSpec.builder()
              .heading(hidden ? "" : "%n" + group.heading() + ":%n")
              .validate(false)
              .exclusive(false)
              .multiplicity("0..1");
      Settings.all().stream()
          .filter(setting -> setting.group() == group)
          .forEach(setting -> flags.addArg(option(setting, hidden)));
      spec.addArgGroup(flags.build());
    }
    return commandLine;
  }

  private static OptionSpec option(Setting setting, boolean hidden) {
    List<String> names = new ArrayList<>(List.of(setting.flag()));
    setting.aliases().forEach(alias -> names.add("--" + alias));
    String defaultValue =
        setting.defaultValue().isEmpty() ? "" : " Default: " + setting.defaultValue();
    OptionSpec.Builder option =
        OptionSpec.builder(hidden ? names.toArray(String[]::new) : new String[] {setting.flag()})
            .names(names.toArray(String[]::new))
            .paramLabel(setting.label())
            .description(setting.help().replace("%", "%%") + defaultValue)
            .hidden(hidden);
    return switch (setting.kind()) {
      case VALUE -> option.type(String.class).arity("1").build();
      case SWITCH -> option.type(String.class).arity("0..1").fallbackValue("true").build();
      case PAIRS -> option.type(List.class).auxiliaryTypes(String.class).arity("1").build();
    };
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    ServerConfig config;
    try {
      config = config(spec.commandLine().getParseResult(), System.getenv());
    } catch (ConfigException e) {
      e.faults().forEach(fault -> err.println("brain server: " + fault));
      err.println("brain server --help lists all settings.");
      err.flush();
      return Main.USAGE;
    }
    return ServerProcess.run(config, err);
  }

  /** Loads the config that the command line and the environment ask for. */
  static ServerConfig config(ParseResult parsed, Map<String, String> environment)
      throws ConfigException {
    List<String> faults = new ArrayList<>();
    parsed.errors().forEach(error -> faults.add(error.getMessage()));
    unmatched(parsed, faults);
    Map<Setting, String> flags = new HashMap<>();
    for (Setting setting : Settings.all()) {
      OptionSpec option = parsed.matchedOption(setting.name());
      if (option != null) {
        List<String> values = option.stringValues();
        flags.put(
            setting,
            setting.kind() == Setting.Kind.PAIRS ? String.join(",", values) : values.getLast());
      }
    }
    return ConfigLoader.load(flags, environment, faults);
  }

  private static void unmatched(ParseResult parsed, List<String> faults) {
    boolean value = false;
    for (String argument : parsed.unmatched()) {
      if (argument.startsWith("-")) {
        String name = argument.replaceFirst("=.*", "");
        List<String> similar =
            new CommandLine.UnmatchedArgumentException(
                    parsed.commandSpec().commandLine(), List.of(name))
                .getSuggestions();
        faults.add(
            name
                + ": unknown flag"
                + (similar.isEmpty() ? "" : " (expected: perhaps " + similar.getFirst() + ")"));
        value = !argument.contains("=");
      } else if (value) {
        value = false;
      } else {
        faults.add(argument + ": unexpected argument (expected: flags only)");
      }
    }
  }
}
