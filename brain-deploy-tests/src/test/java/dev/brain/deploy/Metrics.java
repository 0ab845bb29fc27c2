// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of metrics: in queries, and in what a server exports. */
final class Metrics {
  /**
   * Every metric of ours has a word and an underscore; functions and labels that have one too are
   * known.
   */
  private static final Pattern NAME = Pattern.compile("\\b[a-z]+_[a-z0-9_]+\\b");

  private static final Set<String> WORDS_OF_THE_LANGUAGE =
      Set.of("group_left", "group_right", "histogram_quantile", "label_values");

  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z][a-z0-9_]*)[{ ]");

  private Metrics() {}

  /**
   * The metrics that a PromQL expression reads. What stands in braces, in brackets or in
   * parentheses after {@code by} or {@code on} are labels and durations.
   */
  static Set<String> read(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^]]*]", "")
            .replaceAll("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)", "");
    Set<String> found = new TreeSet<>();
    Matcher names = NAME.matcher(bare);
    while (names.find()) {
      if (!WORDS_OF_THE_LANGUAGE.contains(names.group())) {
        found.add(names.group());
      }
    }
    return found;
  }

  /** The names of the samples in Prometheus' text format. */
  static Set<String> exported(String text) {
    Set<String> found = new TreeSet<>();
    SAMPLE.matcher(text).results().forEach(sample -> found.add(sample.group(1)));
    return found;
  }
}
