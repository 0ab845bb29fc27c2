// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Samples what the server and this process have used.
 *
 * @param root {@code /proc}; where there is none, nothing is known
 * @param server the server's process on this machine, or 0 if unknown
 * @param client this process
 */
public record UsageProbe(Path root, long server, long client) {

  Sample sample(long time) {
    return new Sample(time, readServer(), read(client));
  }

  /** What the server's process has used until now, or null if that is unknown. */
  public @Nullable ProcessUsage readServer() {
    return server == 0 ? null : read(server);
  }

  private @Nullable ProcessUsage read(long pid) {
    try {
      return ProcessUsage.read(root, pid);
    } catch (IOException e) {
      return null; // ended, or not Linux
    }
  }

  /**
   * One moment.
   *
   * @param time in nanoseconds of the run's clock
   * @param server null if unknown
   * @param client null if unknown
   */
  record Sample(long time, @Nullable ProcessUsage server, @Nullable ProcessUsage client) {}
}
