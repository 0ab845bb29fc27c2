// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * What a process used during a window.
 *
 * @param cores mean CPU time per time: 1 is one core all the time
 * @param residentBytes memory it held at the end
 * @param peakResidentBytes the most memory it had held until then
 */
public record Usage(double cores, long residentBytes, long peakResidentBytes) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** The difference of two samples, or null if one is missing. */
  static @Nullable Usage between(
      @Nullable ProcessUsage first,
      @Nullable ProcessUsage last,
      UsageProbe.Sample before,
      UsageProbe.Sample after) {
    double seconds = (after.time() - before.time()) / NANOS_PER_SECOND;
    if (first == null || last == null || seconds <= 0) {
      return null;
    }
    return new Usage(
        (last.cpuSeconds() - first.cpuSeconds()) / seconds,
        last.residentBytes(),
        last.peakResidentBytes());
  }
}
