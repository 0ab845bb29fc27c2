// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many writes may be under way so that they are answered within the latency aimed at.
 * Thread-safe; never blocks.
 */
final class WriteLimit {
  /*
   * By Little's law the writes under way are their rate times their latency. So the limit is the rate
   * that was measured times the latency aimed at: more writes would only wait longer. Nothing is
   * concluded from a latency that grows while it is below the aim, since a store that commits in groups
   * answers later, and more, the more writes there are.
   *
   * One write at a time is the probe, which gives the latency; the rate is the number of writes that have
   * ended since it began. The next probe begins after it, so none measures the time before the last
   * change of the limit took effect. Many writes end at one moment, and those behind the probe are not
   * counted; but as many were behind the last probe, so the rate since the end of that one is right, unless
   * there was a pause in between. The higher rate of the two is taken. A probe that stays away counts
   * while it does, or a store that has stopped would collect writes up to the greatest limit.
   *
   * Up to half the least limit no clock is read.
   *
   * Invariants:
   *  1. probe is set by the write that finds null, and cleared by the end of the same write.
   *  2. limit and last are changed by that end only; limit is between least and greatest.
   */

  /** A probe in half the time aimed at raises the limit by this part of it. */
  private static final int GROWTH = 8;

  private final LongSupplier nanoTime;
  private final long aimNanos;
  private final int least;
  private final int greatest;
  private final AtomicLong ended = new AtomicLong();
  private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();
  private volatile int limit;

  /** When the last probe ended. */
  private volatile Mark last;

  /**
   * A limit that begins at the greatest.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds
   * @param aim the latency aimed at
   * @param least never refuse fewer than so many
   * @param greatest never allow more than so many
   */
  WriteLimit(LongSupplier nanoTime, Duration aim, int least, int greatest) {
    if (!aim.isPositive() || least < 1 || greatest < least) {
      throw new IllegalArgumentException(
          "write limit: "
              + aim
              + ", "
              + least
              + " to "
              + greatest
              + " (expected: above 0, 1 to N)");
    }
    this.nanoTime = nanoTime;
    this.aimNanos = aim.toNanos();
    this.least = least;
    this.greatest = greatest;
    this.limit = greatest;
    this.last = mark();
  }

  /** How many writes had ended at a time. */
  private record Mark(long nanos, long ended) {
    double rateTo(Mark later) {
      return (double) (later.ended - ended) / (later.nanos - nanos);
    }
  }

  /** A write that is measured. */
  static final class Probe {
    private final Mark began;
    private final Mark before;

    private Probe(Mark began, Mark before) {
      this.began = began;
      this.before = before;
    }
  }

  private Mark mark() {
    return new Mark(nanoTime.getAsLong(), ended.get());
  }

  /** Whether so many writes may be under way. */
  boolean allows(int writes) {
    return writes <= least || writes <= now();
  }

  /** How many writes may be under way now. */
  int now() {
    int current = limit;
    Probe late = probe.get();
    if (late == null) {
      return current;
    }
    Mark now = mark();
    return now.nanos() - late.began.nanos() <= aimNanos
        ? current
        : Math.min(current, sustained(late, now));
  }

  /**
   * Begins a write that is allowed.
   *
   * @param writes how many are under way with it
   * @return what its end must hand in
   */
  @Nullable Probe begin(int writes) {
    if (2 * writes <= least || probe.get() != null) {
      return null;
    }
    Probe begun = new Probe(mark(), last);
    return probe.compareAndSet(null, begun) ? begun : null;
  }

  /** Ends a write. */
  void end(@Nullable Probe begun) {
    ended.incrementAndGet();
    if (begun == null) {
      return;
    }
    Mark now = mark();
    long nanos = now.nanos() - begun.began.nanos();
    if (nanos > aimNanos) {
      limit = sustained(begun, now);
    } else if (2 * nanos <= aimNanos) {
      int current = limit;
      limit = Math.min(greatest, current + Math.max(1, current / GROWTH));
    }
    last = now;
    probe.set(null);
  }

  /** What ends within the time aimed at, at the rate around a probe. */
  private int sustained(Probe measured, Mark now) {
    double rate = Math.max(measured.began.rateTo(now), measured.before.rateTo(now));
    return (int) Math.clamp(rate * aimNanos, least, greatest);
  }
}
