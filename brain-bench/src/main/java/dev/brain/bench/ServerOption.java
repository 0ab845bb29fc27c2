// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.wire.Endpoint;
import picocli.CommandLine.Option;

/** Which server a command asks. */
final class ServerOption {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:2379",
      description = "The server (default: ${DEFAULT-VALUE}).")
  Endpoint endpoint;
}
