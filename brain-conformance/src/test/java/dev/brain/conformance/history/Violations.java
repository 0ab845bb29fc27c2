// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what was found, the first few of each rule. For one thread. */
final class Violations {
  private static final int MOST_OF_A_RULE = 10;

  private final Map<Rule, List<Violation>> found = new EnumMap<>(Rule.class);

  /** Notes that {@code rule} is broken; {@code where} is a format with its arguments. */
  @FormatMethod
  void add(Rule rule, String where, Object... arguments) {
    List<Violation> same = found.computeIfAbsent(rule, _ -> new ArrayList<>());
    if (same.size() < MOST_OF_A_RULE) {
      same.add(new Violation(rule, where.formatted(arguments)));
    }
  }

  /** Everything noted, in the order of the rules. */
  List<Violation> all() {
    return found.values().stream().flatMap(List::stream).toList();
  }
}
