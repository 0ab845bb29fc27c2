// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Compacts without being asked, as the operator has chosen. It does nothing by itself: somebody
 * calls {@link #step} every {@link #period}. Used by one thread at a time.
 */
public final class AutoCompactor {
  /*
   * To keep the history of a time, the newest revision is noted at every step, and what was the newest
   * one that long ago is compacted to. Notes are made ten times in that time, so the history kept is
   * up to a tenth longer, and at most twelve notes exist. After a start nothing is compacted before
   * the time has passed: how old the revisions of before are nobody knows.
   */

  /** How often revisions are counted; as often as etcd does it. */
  private static final Duration COUNTING_PERIOD = Duration.ofMinutes(5);

  private static final int NOTES = 10;
  private static final Duration SHORTEST_PERIOD = Duration.ofMillis(100);

  private final LongSupplier nanoTime;
  private final LongSupplier newestRevision;
  private final LongConsumer compact;
  private final Policy policy;
  private final Deque<Note> notes = new ArrayDeque<>();
  private long compacted;

  /** What to keep. */
  public sealed interface Policy {
    /** The history of so much time; above zero. */
    record Time(Duration retention) implements Policy {}

    /** So many revisions; above zero. */
    record Revisions(long retention) implements Policy {}
  }

  private record Note(long nanos, long revision) {}

  /**
   * A compactor.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds
   * @param newestRevision tells the newest visible revision
   * @param compact compacts to a revision, without blocking
   */
  public AutoCompactor(
      LongSupplier nanoTime, LongSupplier newestRevision, LongConsumer compact, Policy policy) {
    this.nanoTime = nanoTime;
    this.newestRevision = newestRevision;
    this.compact = compact;
    this.policy = policy;
  }

  /** How often {@link #step} is to be called. */
  public Duration period() {
    return switch (policy) {
      case Policy.Revisions _ -> COUNTING_PERIOD;
      case Policy.Time(Duration retention) -> {
        Duration period = retention.dividedBy(NOTES);
        yield period.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : period;
      }
    };
  }

  /** Compacts if it is time to. */
  public void step() {
    long newest = newestRevision.getAsLong();
    switch (policy) {
      case Policy.Revisions(long retention) -> compactTo(newest - retention);
      case Policy.Time(Duration retention) -> {
        long now = nanoTime.getAsLong();
        notes.addLast(new Note(now, newest));
        long revision = 0;
        while (now - notes.getFirst().nanos() >= retention.toNanos()) {
          revision = notes.removeFirst().revision();
        }
        compactTo(revision);
      }
    }
  }

  private void compactTo(long revision) {
    if (revision > compacted) {
      compacted = revision;
      compact.accept(revision);
    }
  }
}
