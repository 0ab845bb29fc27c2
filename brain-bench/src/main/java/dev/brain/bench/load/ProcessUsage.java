// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process of this machine has used, as Linux says it.
 *
 * @param cpuSeconds user and system time of all its threads since it started
 * @param residentBytes memory it holds now
 * @param peakResidentBytes the most memory it has held
 */
public record ProcessUsage(double cpuSeconds, long residentBytes, long peakResidentBytes) {
  /** Linux counts in this unit towards all programs, whatever its own clock is. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final long KIBIBYTE = 1024;

  /**
   * Reads {@code <root>/<pid>/stat} and {@code status}.
   *
   * @param root {@code /proc}
   * @throws IOException if there is no such process, or no such file system
   */
  public static ProcessUsage read(Path root, long pid) throws IOException {
    Path directory = root.resolve(Long.toString(pid));
    String stat = Files.readString(directory.resolve("stat"));
    // The name of the program stands in parentheses and may hold spaces and parentheses itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double cpu =
        (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
            / TICKS_PER_SECOND;
    long resident = 0;
    long peak = 0;
    for (String line : Files.readAllLines(directory.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        resident = kibibytes(line);
      } else if (line.startsWith("VmHWM:")) {
        peak = kibibytes(line);
      }
    }
    return new ProcessUsage(cpu, resident, peak);
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
  }
}
