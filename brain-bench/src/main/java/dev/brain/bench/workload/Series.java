// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

/**
 * Operations, or events, that are measured together.
 *
 * @param name such as {@code insert}
 * @param unit what an operation handles, such as {@code keys}
 * @param isEvent whether these are no operations but what {@link EventSink} takes
 */
public record Series(String name, String unit, boolean isEvent) {

  /** Operations that handle one thing each: themselves. */
  public static Series of(String name) {
    return new Series(name, "operations", false);
  }

  /** Operations that handle several things each. */
  public static Series of(String name, String unit) {
    return new Series(name, unit, false);
  }

  /** What arrives beside the operations. */
  public static Series events(String name, String unit) {
    return new Series(name, unit, true);
  }
}
