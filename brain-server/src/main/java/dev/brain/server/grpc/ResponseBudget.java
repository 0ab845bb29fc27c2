// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that answers may hold at one time, from before they are read until the client has taken
 * them. Without it a client that asks for lists and never reads them would fill the heap.
 * Thread-safe.
 */
public final class ResponseBudget {
  /*
   * Who needs bytes that are not free waits in line, without a thread. Connections take turns, and within
   * one the order is that of arrival. The line is strict: a small list behind a large one waits too, else
   * the large one might wait for ever. A connection that has lists under way gets more only up to half of
   * the total; a single list may take all. Above that it is passed over, so a client that asks for much
   * and takes little leaves something for others. Single keys do not stand in line and may use a reserve
   * that lists cannot touch, so that lists never keep them from being served; if even that is used up they
   * are refused.
   *
   * Invariants, under the lock:
   *  1. used is the sum of all reservations; lists has those of each connection's lists, and no zeros.
   *  2. The first in line whose connection is not to be passed over does not fit, else it would have
   *     been granted.
   */

  private final long total;
  private final long reserve;

  @GuardedBy("this")
  private long used;

  @GuardedBy("this")
  private final Map<Connection, Long> lists = new HashMap<>();

  @GuardedBy("this")
  private final ConnectionQueue<Waiter> line;

  /**
   * A budget.
   *
   * @param total the bytes that lists may hold; single keys may hold a quarter more
   * @param maxWaiting how many lists may stand in line; half as many of one connection
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
    this.line = new ConnectionQueue<>(maxWaiting);
  }

  /** A list that needs bytes. */
  interface Waiter {
    /** Whose list it is. */
    Connection connection();

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

  /** Reserves bytes for a list that has none, if nobody goes before it and they are free. */
  synchronized boolean tryReserve(Connection connection, long bytes) {
    if (line.has(connection) || !isFree(connection, 0, bytes)) {
      return false;
    }
    for (Connection other : line.turns()) {
      if (isWithinShare(other, 0, line.first(other).bytesNeeded())) {
        return false;
      }
    }
    add(connection, bytes);
    return true;
  }

  /**
   * Reserves more bytes for a list that has some, whoever stands in line: it will be done before
   * them either way.
   *
   * @param reserved what the list has
   */
  synchronized boolean tryGrow(Connection connection, long reserved, long bytes) {
    if (!isFree(connection, reserved, bytes)) {
      return false;
    }
    add(connection, bytes);
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

  /** Puts a list that has no bytes in line, or grants at once; false if the line is full. */
  boolean await(Waiter waiter) {
    synchronized (this) {
      if (!tryReserve(waiter.connection(), waiter.bytesNeeded())) {
        return line.add(waiter.connection(), waiter);
      }
    }
    waiter.granted();
    return true;
  }

  /** Takes a waiter out of the line; false if it was not in it, that is, it was granted. */
  boolean withdraw(Waiter waiter) {
    boolean removed;
    synchronized (this) {
      removed = line.remove(waiter.connection(), waiter);
    }
    change(0);
    return removed;
  }

  /**
   * Changes what a list has reserved by a difference, also above the total: the bytes are there
   * already.
   */
  void change(Connection connection, long difference) {
    synchronized (this) {
      add(connection, difference);
    }
    grant();
  }

  /** Changes by a difference what answers have reserved that are not lists. */
  void change(long difference) {
    synchronized (this) {
      used += difference;
    }
    grant();
  }

  private void grant() {
    List<Waiter> granted = List.of();
    synchronized (this) {
      for (Waiter next = nextGranted(); next != null; next = nextGranted()) {
        if (granted.isEmpty()) {
          granted = new ArrayList<>();
        }
        granted.add(next);
      }
    }
    granted.forEach(Waiter::granted);
  }

  @GuardedBy("this")
  private @Nullable Waiter nextGranted() {
    for (Connection connection : line.turns()) {
      long bytes = line.first(connection).bytesNeeded();
      if (isWithinShare(connection, 0, bytes)) {
        if (used + bytes > total) {
          return null;
        }
        add(connection, bytes);
        return line.take(connection);
      }
    }
    return null;
  }

  @GuardedBy("this")
  private boolean isFree(Connection connection, long reserved, long bytes) {
    return used + bytes <= total && isWithinShare(connection, reserved, bytes);
  }

  /** Whether a list that has reserved so much may have more, as far as its connection goes. */
  @GuardedBy("this")
  private boolean isWithinShare(Connection connection, long reserved, long more) {
    long all = lists.getOrDefault(connection, 0L);
    return all == reserved || all + more <= total / 2;
  }

  @GuardedBy("this")
  private void add(Connection connection, long bytes) {
    if (bytes == 0) {
      return;
    }
    used += bytes;
    lists.merge(connection, bytes, (a, b) -> a + b == 0 ? null : a + b);
  }
}
