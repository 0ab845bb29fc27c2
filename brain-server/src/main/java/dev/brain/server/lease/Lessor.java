// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.mvcc.LeaseListener;
import dev.brain.server.mvcc.LeaseRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends leases that were not kept alive. Thread-safe; never blocks.
 *
 * <p>It does nothing by itself: somebody calls {@link #step} every {@link #STEP_MILLIS}.
 */
public final class Lessor implements LeaseListener {
  /*
   * A deadline is a lower bound. It is counted from the moment the lease or its renewal was certain,
   * on a clock that does not jump, and a lease that has passed it still exists until the store has
   * revoked it. So a lease that was loaded from the store, after a restart or a change of leader, has
   * its full time to live again: how much of it was left nobody knows.
   *
   * Invariants, under the lock:
   *  1. leases and byDeadline hold the same deadlines, but for those that are revoking, which are in
   *     leases only.
   *  2. A deadline that has passed is never renewed: the keep-alive waits for the revocation.
   *  3. A lease leaves the maps only when the store says that it is gone.
   *  4. due holds what may be revoked now; at most MAX_IN_FLIGHT revocations are under way, inFlight by
   *     number, and they delete at most MAX_KEYS_IN_FLIGHT keys, inFlightKeys, or are one alone.
   */

  /** How often {@link #step} is to be called. */
  public static final long STEP_MILLIS = 500;

  /** The longest time to live that may be granted. */
  public static final long MAX_TTL_SECONDS = 9_000_000_000L;

  /** Revocations must leave room for other writes. */
  private static final int MAX_REVOKES_PER_STEP = 1_000;

  /** Enough for the rate also where a commit takes 30 ms; a small part of what a commit holds. */
  private static final int MAX_IN_FLIGHT = 64;

  private static final int MAX_KEYS_IN_FLIGHT = 256;

  /**
   * After a start no more leases than this may end in any one second; below the rate of revokes.
   */
  private static final int MAX_ENDS_PER_SECOND = 750;

  private static final int SPREAD_ABOVE = 1000;

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final long minTtlSeconds;

  @GuardedBy("this")
  private final Map<Long, Deadline> leases = new HashMap<>();

  @GuardedBy("this")
  private final NavigableSet<Deadline> byDeadline =
      new TreeSet<>(
          Comparator.comparingLong(Deadline::micros)
              .thenComparingLong(deadline -> deadline.lease().id()));

  @GuardedBy("this")
  private final ArrayDeque<Deadline> due = new ArrayDeque<>();

  @GuardedBy("this")
  private int inFlight;

  @GuardedBy("this")
  private int inFlightKeys;

  @GuardedBy("this")
  private @Nullable LeaseRevoker revoker;

  /**
   * A lessor that knows no leases yet and ends none before {@link #start}.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds
   * @param minTtlSeconds the shortest time to live that is granted
   */
  public Lessor(LongSupplier nanoTime, long minTtlSeconds) {
    if (minTtlSeconds < 1 || minTtlSeconds > MAX_TTL_SECONDS) {
      throw new IllegalArgumentException(
          "minTtlSeconds: " + minTtlSeconds + " (expected: 1 to " + MAX_TTL_SECONDS + ")");
    }
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.minTtlSeconds = minTtlSeconds;
  }

  /**
   * Starts ending leases.
   *
   * @param stored the leases that exist; those not known yet get their full time to live, and more
   *     if too many would end at once
   * @param leaseRevoker revokes what has expired
   */
  public synchronized void start(Collection<LeaseRecord> stored, LeaseRevoker leaseRevoker) {
    revoker = leaseRevoker;
    long now = nowMicros();
    for (LeaseRecord lease : stored) {
      if (!leases.containsKey(lease.id())) {
        add(new Deadline(lease, now));
      }
    }
    if (leases.size() > SPREAD_ABOVE) {
      spread();
    }
  }

  /**
   * Ends no more leases, until started again. Whoever waits until one has ended is answered: it is
   * over here, though another node may keep it.
   */
  public void stop() {
    List<LongConsumer> late = new ArrayList<>();
    synchronized (this) {
      revoker = null;
      for (Deadline deadline : due) {
        deadline.setRevoking(false);
        byDeadline.add(deadline);
      }
      due.clear();
      for (Deadline deadline : leases.values()) {
        late.addAll(deadline.late());
        deadline.late().clear();
      }
    }
    late.forEach(answer -> answer.accept(0));
  }

  /** The time to live that is granted when one is asked for: not shorter than the minimum. */
  public long granted(long wantedTtlSeconds) {
    return Math.max(wantedTtlSeconds, minTtlSeconds);
  }

  @Override
  public synchronized void granted(LeaseRecord lease) {
    Deadline old = leases.remove(lease.id());
    if (old != null) {
      byDeadline.remove(old);
    }
    add(new Deadline(lease, nowMicros()));
  }

  @Override
  public void revoked(long leaseId) {
    Deadline gone;
    synchronized (this) {
      gone = leases.get(leaseId);
    }
    if (gone != null) {
      remove(gone);
    }
  }

  /**
   * Keeps a lease alive.
   *
   * @param answer receives the full time to live in seconds, or 0 if the lease does not exist. If
   *     it has expired, that is once it is revoked, or this is stopped. Called once, on this thread
   *     or another; must be quick
   */
  public void keepAlive(long leaseId, LongConsumer answer) {
    long ttlSeconds;
    synchronized (this) {
      Deadline deadline = leases.get(leaseId);
      if (deadline == null) {
        ttlSeconds = 0;
      } else if (deadline.isRevoking() || deadline.hasPassed(nowMicros())) {
        if (revoker != null) {
          deadline.late().add(answer);
          return;
        }
        ttlSeconds = 0;
      } else {
        byDeadline.remove(deadline);
        deadline.renew(nowMicros());
        byDeadline.add(deadline);
        ttlSeconds = deadline.lease().ttlSeconds();
      }
    }
    answer.accept(ttlSeconds);
  }

  /** How long a lease has to live; empty if it does not exist. */
  public synchronized Optional<LeaseStatus> status(long leaseId) {
    Deadline deadline = leases.get(leaseId);
    if (deadline == null) {
      return Optional.empty();
    }
    long remaining = TimeUnit.MICROSECONDS.toSeconds(deadline.micros() - nowMicros());
    return Optional.of(new LeaseStatus(deadline.lease().ttlSeconds(), Math.max(0, remaining)));
  }

  /** The ids of all leases; the one that ends first comes first. */
  public synchronized List<Long> ids() {
    List<Deadline> sorted = new ArrayList<>(leases.values());
    sorted.sort(Comparator.comparingLong(Deadline::micros));
    return sorted.stream().map(deadline -> deadline.lease().id()).toList();
  }

  /** How many leases there are. */
  public synchronized int size() {
    return leases.size();
  }

  /** Begins to revoke what has expired, as much as the rate allows. */
  public void step() {
    synchronized (this) {
      if (revoker == null) {
        return;
      }
      long now = nowMicros();
      while (due.size() < MAX_REVOKES_PER_STEP
          && !byDeadline.isEmpty()
          && byDeadline.getFirst().hasPassed(now)) {
        Deadline passed = byDeadline.removeFirst();
        passed.setRevoking(true);
        due.add(passed);
      }
    }
    revokeDue();
  }

  private void revokeDue() {
    while (true) {
      Revocation next;
      LeaseRevoker target;
      synchronized (this) {
        target = revoker;
        if (target == null || inFlight == MAX_IN_FLIGHT || due.isEmpty()) {
          return;
        }
        int keys = target.keys(due.getFirst().lease().id());
        if (inFlight > 0 && inFlightKeys + keys > MAX_KEYS_IN_FLIGHT) {
          return;
        }
        next = new Revocation(due.remove(), keys);
        inFlight++;
        inFlightKeys += keys;
      }
      target.revoke(next.deadline.lease().id(), next);
    }
  }

  /** One revocation on its way. */
  private final class Revocation implements Completion<Long> {
    private final Deadline deadline;
    private final int keys;

    Revocation(Deadline deadline, int keys) {
      this.deadline = deadline;
      this.keys = keys;
    }

    @Override
    public void complete(Long revision) {
      remove(deadline);
      landed();
    }

    @Override
    public void fail(Failure failure) {
      if (failure instanceof Failure.LeaseNotFound) {
        remove(deadline);
      } else {
        putBack(deadline);
      }
      landed();
    }

    private void landed() {
      synchronized (Lessor.this) {
        inFlight--;
        inFlightKeys -= keys;
      }
      revokeDue();
    }
  }

  private void remove(Deadline gone) {
    synchronized (this) {
      if (!leases.remove(gone.lease().id(), gone)) {
        return;
      }
      byDeadline.remove(gone);
      due.remove(gone);
    }
    gone.late().forEach(answer -> answer.accept(0));
  }

  /** Lets the next step try again. */
  private synchronized void putBack(Deadline deadline) {
    if (leases.get(deadline.lease().id()) == deadline) {
      deadline.setRevoking(false);
      byDeadline.add(deadline);
    }
  }

  @GuardedBy("this")
  private void add(Deadline deadline) {
    leases.put(deadline.lease().id(), deadline);
    byDeadline.add(deadline);
  }

  /** Moves deadlines back, so that few enough pass in any one second. */
  @GuardedBy("this")
  private void spread() {
    List<Deadline> sorted = new ArrayList<>(byDeadline);
    byDeadline.clear();
    for (int i = MAX_ENDS_PER_SECOND; i < sorted.size(); i++) {
      long earliest = sorted.get(i - MAX_ENDS_PER_SECOND).micros() + TimeUnit.SECONDS.toMicros(1);
      sorted.get(i).moveTo(Math.max(sorted.get(i).micros(), earliest));
    }
    byDeadline.addAll(sorted);
  }

  private long nowMicros() {
    return TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong() - startNanos);
  }
}
