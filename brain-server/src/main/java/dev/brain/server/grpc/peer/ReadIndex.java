// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.server.grpc.EtcdStatus;
import dev.brain.server.grpc.ReadGate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Lets the linearizable reads of a node that follows begin. Thread-safe.
 *
 * <p>The method is the read index of the Raft thesis (Ongaro, 6.4): a read waits until this node
 * has everything that the leader had published when it was asked, and it is asked after the read
 * came.
 */
public final class ReadIndex implements ReadGate {
  /*
   * One question is on its way at a time, for all reads that were there when it was sent; reads that come
   * meanwhile wait for the next one. So the load on the leader does not grow with the reads.
   *
   * Invariants:
   *  1. A read belongs to one batch, and its batch is asked for after the read came. A read never joins a
   *     question that is on its way: the answer may be older than a write that was answered before the
   *     read (the hole of KubeBrain's read index).
   *  2. What a read is shown, the leader has published before it was asked: the watermark here is never
   *     above the leader's, but for the floor.
   *  3. At most one question is on its way; if there is none, no read waits for the next.
   */

  /** Tells what the leader has published. */
  public interface Leader {
    /**
     * Asks for the leader's watermark; never blocks.
     *
     * @param answer receives it; the leader has proved that it led after it took it
     * @param failed told that it could not be asked; exactly one of both is called, once
     */
    void ask(LongConsumer answer, Consumer<EtcdStatus> failed);
  }

  /** Reads that wait for a question; as many as may wait for a reader. More are refused. */
  private static final int MOST_WAITING = 10_000;

  private record Waiter(Runnable begin, Consumer<EtcdStatus> refuse) {}

  private final Leader leader;
  private final RevisionWaiters waiters;
  private final long floor;

  @GuardedBy("this")
  private List<Waiter> next = new ArrayList<>();

  @GuardedBy("this")
  private boolean asking;

  /**
   * A gate.
   *
   * @param waiters those who wait until this node has a revision
   * @param floor the revision that this node showed at first. It may be one that the leader has
   *     stored but not published yet; until the leader has, no read here is linearizable
   */
  public ReadIndex(Leader leader, RevisionWaiters waiters, long floor) {
    this.leader = leader;
    this.waiters = waiters;
    this.floor = floor;
  }

  @Override
  public void pass(boolean serializable, Runnable begin, Consumer<EtcdStatus> refuse) {
    if (serializable) {
      begin.run();
      return;
    }
    boolean full;
    synchronized (this) {
      full = next.size() >= MOST_WAITING;
      if (!full) {
        next.add(new Waiter(begin, refuse));
      }
    }
    if (full) {
      refuse.accept(EtcdStatus.TOO_MANY_REQUESTS);
    } else {
      askNext();
    }
  }

  private void askNext() {
    List<Waiter> batch;
    synchronized (this) {
      if (asking || next.isEmpty()) {
        return;
      }
      asking = true;
      batch = next;
      next = new ArrayList<>();
    }
    leader.ask(
        revision -> {
          answered();
          for (Waiter waiter : batch) {
            if (revision < floor) {
              waiter.refuse().accept(EtcdStatus.TIMED_OUT);
              continue;
            }
            waiters.await(revision, waiter.begin(), waiter.refuse());
          }
        },
        status -> {
          answered();
          batch.forEach(waiter -> waiter.refuse().accept(status));
        });
  }

  private void answered() {
    synchronized (this) {
      asking = false;
    }
    askNext();
  }
}
