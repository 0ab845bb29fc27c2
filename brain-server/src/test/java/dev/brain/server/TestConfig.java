// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.config.ConfigException;
import dev.brain.server.config.ServerConfig;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/** Makes configs from flags. */
final class TestConfig {
  private TestConfig() {}

  static ServerConfig of(String... flags) throws ConfigException {
    ParseResult parsed =
        Main.commandLine()
            .parseArgs(Stream.concat(Stream.of("server"), Stream.of(flags)).toArray(String[]::new));
    return ServerCommand.config(parsed.subcommand(), Map.of());
  }
}
