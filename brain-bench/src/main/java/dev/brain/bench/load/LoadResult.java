// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run has measured.
 *
 * @param seconds length of the window; at a fixed rate up to the last measured completion
 * @param rate operations that were due per second; 0 in a closed loop
 * @param series in the workload's order, at least one
 * @param timeline how fast operations ended from the first on, in order
 * @param errors how many operations failed, by text; also those of the warm-up
 * @param conflicts how often a compare did not hold; also in the warm-up
 * @param unanswered operations without an outcome at the end
 * @param faults what the server did wrong, one sentence each
 * @param server what the server's process used in the window, or null if unknown
 * @param client what this process used in the window, or null if unknown
 */
public record LoadResult(
    double seconds,
    double rate,
    List<SeriesResult> series,
    List<Timeline.Tick> timeline,
    Map<String, Long> errors,
    long conflicts,
    long unanswered,
    List<String> faults,
    @Nullable Usage server,
    @Nullable Usage client) {

  /**
   * What Kubernetes promises for a call on one object, and for a list; who needs longer falls
   * behind.
   */
  private static final double KEPT_UP_MILLISECONDS = 1000;

  private static final double KEPT_UP_LIST_MILLISECONDS = 30_000;

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

  /** Operations that succeeded per second, whatever each of them handled. */
  public double operationsPerSecond() {
    return series.stream()
        .filter(one -> !one.isEvent())
        .mapToDouble(SeriesResult::operationsPerSecond)
        .sum();
  }

  /**
   * Whether at a fixed rate all that was due was done, of each series 99 in 100 within a second
   * from when they were due, or 30 seconds where an operation handles many keys. Means nothing in a
   * closed loop.
   */
  public boolean keptUp() {
    return unanswered == 0 && errors.isEmpty() && series.stream().allMatch(LoadResult::keptUp);
  }

  private static boolean keptUp(SeriesResult series) {
    boolean lists = series.unitsPerSecond() > series.operationsPerSecond();
    return series.latency().p99() <= (lists ? KEPT_UP_LIST_MILLISECONDS : KEPT_UP_MILLISECONDS);
  }

  /** Whether nothing went wrong but errors that were counted, and something was measured. */
  public boolean isSound() {
    return faults.isEmpty() && unanswered == 0 && series.getFirst().operations() > 0;
  }
}
