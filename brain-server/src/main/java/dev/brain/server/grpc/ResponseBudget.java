// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that answers may hold at one time, from before they are read until the client has taken
 * them. Without it a client that asks for lists and never reads them would fill the heap.
 * Thread-safe.
 */
public final class ResponseBudget {
  /*
   * Who needs bytes that are not free waits in order of arrival, without a thread. The line is
   * strict: a small list behind a large one waits too, else the large one might wait for ever. Single
   * keys do not stand in line and may use a reserve that lists cannot touch, so that lists never
   * keep them from being served; if even that is used up they are refused.
   *
   * Invariants, under the lock:
   *  1. used is the sum of all reservations.
   *  2. The first in line does not fit, else it would have been granted.
   */

  private final long total;
  private final long reserve;
  private final int maxWaiting;

  @GuardedBy("this")
  private long used;

  @GuardedBy("this")
  private final ArrayDeque<Waiter> line = new ArrayDeque<>();

  /**
   * A budget.
   *
   * @param total the bytes that lists may hold; single keys may hold a quarter more
   * @param maxWaiting how many lists may stand in line
   */
  public ResponseBudget(long total, int maxWaiting) {
    if (total <= 0 || maxWaiting < 0) {
      throw new IllegalArgumentException(
          "budget: "
              + total
              + " bytes, "
              + maxWaiting
              + " waiting (expected: above 0, at least 0)");
    }
    this.total = total;
    this.reserve = total / 4;
    this.maxWaiting = maxWaiting;
  }

  /** Somebody who needs bytes. */
  interface Waiter {
    /** How many bytes; must not change while in line. */
    long bytesNeeded();

    /** The bytes are reserved now; they are the waiter's to give back. Must be quick. */
    void granted();
  }

  /** The bytes that lists may hold together. */
  long total() {
    return total;
  }

  /** The bytes reserved now. */
  public synchronized long used() {
    return used;
  }

  /** How many lists stand in line now. */
  public synchronized int waiting() {
    return line.size();
  }

  /** Reserves bytes for a list if nobody stands in line and they are free. */
  synchronized boolean tryReserve(long bytes) {
    if (!line.isEmpty() || used + bytes > total) {
      return false;
    }
    used += bytes;
    return true;
  }

  /**
   * Reserves more bytes for a list that has some, whoever stands in line: it will be done before
   * them either way.
   */
  synchronized boolean tryGrow(long bytes) {
    if (used + bytes > total) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** Reserves bytes for a single key if they are free, counting the reserve. */
  synchronized boolean tryReserveSingle(long bytes) {
    if (used + bytes > total + reserve) {
      return false;
    }
    used += bytes;
    return true;
  }

  /** Puts a waiter in line, or grants at once; false if the line is full. */
  boolean await(Waiter waiter) {
    synchronized (this) {
      if (!tryReserve(waiter.bytesNeeded())) {
        if (line.size() >= maxWaiting) {
          return false;
        }
        line.add(waiter);
        return true;
      }
    }
    waiter.granted();
    return true;
  }

  /** Takes a waiter out of the line; false if it was not in it, that is, it was granted. */
  boolean withdraw(Waiter waiter) {
    boolean removed;
    synchronized (this) {
      removed = line.remove(waiter);
    }
    change(0);
    return removed;
  }

  /**
   * Changes what is reserved by a difference, also above the total: the bytes are there already.
   */
  void change(long difference) {
    List<Waiter> granted = List.of();
    synchronized (this) {
      used += difference;
      while (!line.isEmpty() && used + line.getFirst().bytesNeeded() <= total) {
        Waiter first = line.removeFirst();
        used += first.bytesNeeded();
        if (granted.isEmpty()) {
          granted = new ArrayList<>();
        }
        granted.add(first);
      }
    }
    granted.forEach(Waiter::granted);
  }
}
