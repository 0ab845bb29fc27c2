// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.etcdctl;

import dev.brain.conformance.process.Peers;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real etcdctl, pointed at one server. */
final class Etcdctl {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path program;
  private final Server server;
  private final Path directory;

  Etcdctl(Server server, Path directory) {
    this.program = Peers.require("etcdctl");
    this.server = server;
    this.directory = directory;
  }

  /** Runs a command to its end. */
  Tool.Result run(String... arguments) {
    return run("", List.of(arguments));
  }

  /** Runs a command with an input to its end. */
  Tool.Result run(String input, List<String> arguments) {
    try (Tool tool = start(input, arguments)) {
      return tool.await(PATIENCE);
    }
  }

  /** Starts a command that goes on. */
  Tool start(String... arguments) {
    return start("", List.of(arguments));
  }

  /** Starts a command with an input. */
  Tool start(String input, List<String> arguments) {
    return Tool.start(directory, environment(), input, command(arguments));
  }

  /** Starts a command that waits for more after the input. */
  Tool interactive(String input, String... arguments) {
    return Tool.interactive(directory, environment(), input, command(List.of(arguments)));
  }

  private List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    return command;
  }

  private Map<String, String> environment() {
    return Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", "127.0.0.1:" + server.port());
  }
}
