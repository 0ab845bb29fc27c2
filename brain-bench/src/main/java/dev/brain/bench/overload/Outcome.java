// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.overload;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scenario has found.
 *
 * @param scenario its name
 * @param checks what must hold
 * @param figures what was measured
 */
public record Outcome(String scenario, List<Check> checks, List<Figure> figures) {

  /**
   * One thing that must hold.
   *
   * @param text what, with what was found
   */
  public record Check(String text, boolean holds) {}

  /**
   * One thing that was measured.
   *
   * @param name with its unit
   * @param value NaN if unknown
   */
  public record Figure(String name, double value) {}

  /** Whether all holds. */
  public boolean holds() {
    return checks.stream().allMatch(Check::holds);
  }

  /** Collects an outcome. Used by one thread. */
  static final class Builder {
    private final List<Check> checks = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();

    Builder check(boolean holds, String text) {
      checks.add(new Check(text, holds));
      return this;
    }

    Builder figure(String name, double value) {
      figures.add(new Figure(name, value));
      return this;
    }

    Outcome build(String scenario) {
      return new Outcome(scenario, List.copyOf(checks), List.copyOf(figures));
    }
  }
}
