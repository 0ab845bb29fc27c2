// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts failures by their text. Safe for all threads. */
final class Errors {
  /** More different texts than a user reads; the rest is counted as one. */
  private static final int TEXTS = 32;

  private static final String OTHERS = "other errors";

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder total = new LongAdder();

  void add(String error) {
    String text = counts.containsKey(error) || counts.size() < TEXTS ? error : OTHERS;
    counts.computeIfAbsent(text, absent -> new LongAdder()).increment();
    total.increment();
  }

  long total() {
    return total.sum();
  }

  Map<String, Long> counts() {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((text, count) -> sums.put(text, count.sum()));
    return sums;
  }
}
