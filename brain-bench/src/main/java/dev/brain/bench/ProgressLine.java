// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.load.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far a run is in one line that is written over; shows nothing if nobody looks. */
final class ProgressLine implements Progress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter terminal;
  private final boolean isTerminal;
  private final String label;
  private double lastSeconds;
  private long lastCompleted;

  ProgressLine(PrintWriter terminal, boolean isTerminal, String label) {
    this.terminal = terminal;
    this.isTerminal = isTerminal;
    this.label = label;
  }

  @Override
  public void at(Phase phase, double seconds, long completed, long errors) {
    if (!isTerminal) {
      return;
    }
    double past = seconds - lastSeconds;
    double rate = past > 0 ? (completed - lastCompleted) / past : 0;
    lastSeconds = seconds;
    lastCompleted = completed;
    String doing =
        switch (phase) {
          case PREPARING -> "preparing";
          case WARMING_UP -> "warming up";
          case MEASURING -> "measuring";
          case ENDING -> "ending";
        };
    terminal.printf(
        Locale.ROOT,
        "%s%s: %s, %.0f s, %,d operations, %,.0f/s, %,d errors",
        CLEAR,
        label,
        doing,
        seconds,
        completed,
        rate,
        errors);
    terminal.flush();
  }

  /** Takes the line away. */
  void clear() {
    if (isTerminal) {
      terminal.print(CLEAR);
      terminal.flush();
    }
  }
}
