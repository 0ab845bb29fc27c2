// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.util.ArrayList;
import java.util.List;

/** How fast operations ended over the time of a run. Used by one thread. */
public final class Timeline {
  /** Shorter stretches would show the clock rather than the server. */
  private static final double LEAST_SECONDS = 0.5;

  private final List<Tick> ticks = new ArrayList<>();
  private double lastSeconds;
  private long lastCompleted;

  Timeline() {}

  /**
   * One stretch of the time.
   *
   * @param seconds from the first operation to the end of the stretch
   * @param operationsPerSecond that had an outcome of any kind within it
   */
  public record Tick(double seconds, double operationsPerSecond) {}

  /** Takes how many operations have had an outcome until now. */
  void add(double seconds, long completed) {
    double length = seconds - lastSeconds;
    if (length < LEAST_SECONDS) {
      return;
    }
    ticks.add(new Tick(seconds, (completed - lastCompleted) / length));
    lastSeconds = seconds;
    lastCompleted = completed;
  }

  List<Tick> ticks() {
    return List.copyOf(ticks);
  }
}
