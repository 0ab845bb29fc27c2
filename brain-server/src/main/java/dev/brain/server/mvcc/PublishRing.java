// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Puts revisions that end in any order back into order, and keeps the watermark.
 *
 * @param <T> what is published for a revision that is committed
 */
final class PublishRing<T> {
  /*
   * Each revision above the watermark has a slot, found by its number modulo the capacity. Whoever ends
   * a revision marks its slot and then tries to publish: the first one becomes the publisher and goes
   * on while the next slot is ended, the others only leave word that there is more to do. So nobody
   * waits and nobody spins.
   *
   * Invariants:
   *  1. Every revision ends once, as committed (with an item) or void (without).
   *  2. The watermark is the highest committed revision below which all have ended. It never rests on a
   *     void revision: what a client was shown must still be there after a restart, and a void revision
   *     leaves no trace. So void ones at the end are passed only together with a committed one.
   *  3. Groups are published in order, by one thread at a time; the watermark moves to the last revision
   *     of a group after the group was prepared and before it is published. A void revision is in no
   *     group.
   *  4. An answer that waits for a revision is taken once: by the publisher, which gives it after the
   *     group of that revision was published, or by takeWaiting. It is not kept if the watermark has
   *     reached the revision.
   *  5. The number of revisions that have not ended, or ended behind one that has not, never exceeds the
   *     capacity; the sequencer bounds it.
   */

  /** Receives what is committed, in order, one thread at a time. */
  interface Publisher<T> {
    /** The group becomes visible as soon as this returns. */
    default void prepare(List<T> group) {}

    /** The group is visible now. */
    void publish(List<T> group, long watermark);
  }

  private static final class Slot<T> {
    private final @Nullable T item;

    Slot(@Nullable T item) {
      this.item = item;
    }
  }

  private record Waiter(long revision, Answer answer) {}

  private final AtomicReferenceArray<@Nullable Slot<T>> slots;
  private final int mask;
  private final Publisher<T> publisher;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Waiter> waiters = new ArrayList<>();
  private volatile long watermark;

  /** The highest revision at and below which all have ended. Written by the publisher. */
  private volatile long ended;

  /**
   * @param capacity the most revisions between the first that has not ended and the last; a power
   *     of two
   * @param watermark the newest revision that is visible at the start
   */
  PublishRing(int capacity, long watermark, Publisher<T> publisher) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
    }
    this.slots = new AtomicReferenceArray<>(capacity);
    this.mask = capacity - 1;
    this.watermark = watermark;
    this.ended = watermark;
    this.publisher = publisher;
  }

  /** The newest visible revision. Never goes down. Any thread. */
  long watermark() {
    return watermark;
  }

  /** Ends a revision: committed with an item, or void with null. Any thread, any order. */
  void end(long revision, @Nullable T item) {
    long first = ended + 1;
    if (revision < first || revision >= first + slots.length()) {
      throw new IllegalStateException(
          "revision " + revision + " ended (expected: " + slots.length() + " from " + first + ")");
    }
    if (!slots.compareAndSet((int) revision & mask, null, new Slot<>(item))) {
      throw new IllegalStateException("revision " + revision + " ended twice");
    }
  }

  /** Publishes what can be published, or leaves it to the thread that is at it. Any thread. */
  void publish() {
    if (requests.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      drain();
      served = requests.addAndGet(-served);
    } while (served != 0);
  }

  private void drain() {
    List<T> group = new ArrayList<>();
    long reached = ended;
    long committed = watermark;
    while (true) {
      int index = (int) (reached + 1) & mask;
      Slot<T> slot = slots.get(index);
      if (slot == null) {
        break;
      }
      slots.set(index, null);
      reached++;
      if (slot.item != null) {
        group.add(slot.item);
        committed = reached;
      }
    }
    ended = reached;
    if (group.isEmpty()) {
      return;
    }
    publisher.prepare(group);
    watermark = committed;
    publisher.publish(group, committed);
    for (Answer answer : takeWaiters(committed)) {
      answer.visible();
    }
  }

  /**
   * Gives an answer once a revision is visible.
   *
   * @return false, and the answer is not kept, if it is visible already
   */
  boolean whenVisible(long revision, Answer answer) {
    if (revision <= watermark) {
      return false;
    }
    synchronized (waiters) {
      if (revision <= watermark) {
        return false;
      }
      waiters.add(new Waiter(revision, answer));
      return true;
    }
  }

  /** How many answers wait. */
  int waiting() {
    synchronized (waiters) {
      return waiters.size();
    }
  }

  /** Hands over every answer that waits, to be failed: what it saw may never be visible. */
  List<Answer> takeWaiting() {
    return takeWaiters(Long.MAX_VALUE);
  }

  private List<Answer> takeWaiters(long reached) {
    synchronized (waiters) {
      if (waiters.isEmpty()) {
        return List.of();
      }
      List<Answer> ready = new ArrayList<>();
      waiters.removeIf(
          waiter -> {
            boolean visible = waiter.revision() <= reached;
            if (visible) {
              ready.add(waiter.answer());
            }
            return visible;
          });
      return ready;
    }
  }
}
