// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run has measured.
 *
 * @param seconds length of the window; at a fixed rate up to the last measured completion
 * @param series in the workload's order, at least one
 * @param errors how many operations failed, by text; also those of the warm-up
 * @param conflicts how often a compare did not hold; also in the warm-up
 * @param unanswered operations without an outcome at the end
 * @param faults what the server did wrong, one sentence each
 * @param server what the server's process used in the window, or null if unknown
 * @param client what this process used in the window, or null if unknown
 */
public record LoadResult(
    double seconds,
    List<SeriesResult> series,
    Map<String, Long> errors,
    long conflicts,
    long unanswered,
    List<String> faults,
    @Nullable Usage server,
    @Nullable Usage client) {

  /** The series that say how fast the server is: the events if there are any, else all. */
  private List<SeriesResult> telling() {
    List<SeriesResult> events = series.stream().filter(SeriesResult::isEvent).toList();
    return events.isEmpty() ? series : events;
  }

  /** What {@link #throughput} counts, such as {@code keys}. */
  public String unit() {
    return telling().getFirst().unit();
  }

  /** The figure that says how fast the server is: operations, keys or events per second. */
  public double throughput() {
    return telling().stream().mapToDouble(SeriesResult::unitsPerSecond).sum();
  }

  /** The {@link #throughput} per second of the server's CPU time, or NaN if that is unknown. */
  public double throughputPerCpuSecond() {
    return server == null || server.cores() == 0 ? Double.NaN : throughput() / server.cores();
  }

  /** Whether nothing went wrong but errors that were counted, and something was measured. */
  public boolean isSound() {
    return faults.isEmpty() && unanswered == 0 && series.getFirst().operations() > 0;
  }
}
