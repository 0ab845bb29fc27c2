// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Time that passes only when a test lets it, and what is to happen in it. For one thread. */
final class VirtualTime {

  /** Something that happens. */
  private record Event(long at, long number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));

  private Runnable check = () -> {};
  private long now;
  private long number;

  /** Nanoseconds since the beginning. */
  long now() {
    return now;
  }

  /** From now on this is called after each event. */
  void checkAlways(Runnable check) {
    this.check = check;
  }

  /** Lets something happen after so many nanoseconds; what was asked for first goes first. */
  void after(long nanos, Runnable action) {
    events.add(new Event(now + Math.max(0, nanos), number++, action));
  }

  /** Lets time pass. */
  void pass(Duration duration) {
    long end = now + duration.toNanos();
    while (!events.isEmpty() && events.peek().at() <= end) {
      next();
    }
    now = end;
    check.run();
  }

  /**
   * Lets time pass until something is so.
   *
   * @return whether it was within the bound
   */
  boolean passUntil(Duration bound, BooleanSupplier condition) {
    long end = now + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (events.isEmpty() || events.peek().at() > end) {
        now = end;
        return condition.getAsBoolean();
      }
      next();
    }
    return true;
  }

  private void next() {
    Event event = events.remove();
    now = event.at();
    event.action.run();
    check.run();
  }
}
