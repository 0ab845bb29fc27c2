// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.EngineException;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Decides requests one after another and assigns revisions. Thread-safe. */
final class Sequencer {
  /*
   * The turn.
   *
   * Requests are decided one at a time, by the thread that brings them: it takes the lock, decides,
   * appends to the decided queue, and goes on with other work. There is no sequencer thread, so a write
   * costs one hand-over (to the committer) and not two. A decision reads heads, which were loaded
   * before, and never blocks.
   *
   * Some requests must read ranges. They wait until all that was decided before is in the engine: they
   * are put into the waiting queue, everybody who comes later queues up behind them, and the committer,
   * when it finds nothing decided and nothing in flight, decides them. It does so without the lock: as
   * long as the waiting queue is not empty nobody else decides, so the turn is the committer's.
   *
   * Invariants:
   *  1. The turn belongs to the holder of the lock while `waiting` is empty, else to the committer.
   *     OrderedState is touched only in the turn.
   *  2. Decided requests are taken by the committer in the order in which they were decided.
   *  3. A head that is written stays pinned from the decision until its commit is settled.
   *  4. A revision is assigned only by a decision that cannot fail any more, and its request is in the
   *     decided queue when the turn ends. So every assigned revision reaches the committer.
   *  5. Bounds: at most maxRequests decided and waiting requests, at most maxBytes of decided ones. At
   *     the bound a request is refused as "too many requests" and not applied.
   */

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final OrderedState state;
  private final PublishRing<Pending> ring;
  private final int maxRequests;
  private final long maxBytes;

  private final ArrayDeque<Command> waiting = new ArrayDeque<>();
  private ArrayDeque<Pending> decided = new ArrayDeque<>();
  private long decidedBytes;
  private int inFlight;
  private long inFlightBytes;
  private boolean committerIdle;
  private boolean closed;

  /**
   * @param maxRequests the most requests that are waiting, decided or in flight; below the ring's
   *     capacity
   * @param maxBytes the most bytes that decided requests may hold
   */
  Sequencer(OrderedState state, PublishRing<Pending> ring, int maxRequests, long maxBytes) {
    this.state = state;
    this.ring = ring;
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /** Takes a request; it is answered or failed in its time, perhaps before this returns. */
  void submit(Command command) {
    try {
      command.prepare();
    } catch (EngineException e) {
      command.release();
      command.fail(unreadable(e));
      return;
    }
    Failure refusal;
    @Nullable Decision decision = null;
    lock.lock();
    try {
      refusal = refusal();
      if (refusal == null) {
        if (waiting.isEmpty() && !command.needsSettledEngine()) {
          decision = decide(command);
        } else {
          waiting.add(command);
        }
        wakeCommitter();
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      command.release();
      command.fail(refusal);
    } else if (decision != null) {
      answerUnwritten(decision);
    }
  }

  private @Nullable Failure refusal() {
    if (closed) {
      return new Failure.Stopped();
    }
    int requests = waiting.size() + decided.size() + inFlight + ring.waiting();
    if (requests >= maxRequests || decidedBytes + inFlightBytes >= maxBytes) {
      return new Failure.TooManyRequests();
    }
    return null;
  }

  /** Decides in the turn of the caller. Null if the request failed, and was told so. */
  private @Nullable Decision decide(Command command) {
    Decision decision;
    try {
      decision = command.decide(state);
      if (decision instanceof Decision.Write(Pending pending)) {
        pending.forEachHead(state.heads()::pinAgain);
        decided.add(pending);
        decidedBytes += pending.bytes();
      }
    } catch (FailureException e) {
      decision = null;
      command.fail(e.failure());
    } catch (EngineException e) {
      decision = null;
      command.fail(unreadable(e));
    } finally {
      command.release();
    }
    return decision;
  }

  private void answerUnwritten(Decision decision) {
    if (decision instanceof Decision.NoWrite(long after, Answer answer)
        && !ring.whenVisible(after, answer)) {
      answer.visible();
    }
  }

  private void wakeCommitter() {
    if (committerIdle && (!decided.isEmpty() || !waiting.isEmpty())) {
      work.signal();
    }
  }

  /**
   * Takes the next decided requests, for the committer; waits until there are some. Decides waiting
   * requests when their time has come.
   *
   * @param maxGroupBytes take no more than about so many bytes, but at least one request
   * @return the requests in order; empty if the sequencer was closed and nothing is left
   */
  List<Pending> take(long maxGroupBytes) throws InterruptedException {
    while (true) {
      Command next;
      lock.lock();
      try {
        inFlight = 0;
        inFlightBytes = 0;
        while (decided.isEmpty() && waiting.isEmpty()) {
          if (closed) {
            return List.of();
          }
          committerIdle = true;
          work.await();
          committerIdle = false;
        }
        if (!decided.isEmpty()) {
          return takeDecided(maxGroupBytes);
        }
        next = waiting.getFirst();
      } finally {
        lock.unlock();
      }
      Decision decision = decide(next);
      if (decision != null) {
        answerUnwritten(decision);
      }
      afterOwnTurn();
    }
  }

  private List<Pending> takeDecided(long maxGroupBytes) {
    List<Pending> group = new ArrayList<>(decided.size());
    while (!decided.isEmpty() && (group.isEmpty() || inFlightBytes < maxGroupBytes)) {
      Pending pending = decided.removeFirst();
      inFlightBytes += pending.bytes();
      group.add(pending);
    }
    decidedBytes -= inFlightBytes;
    inFlight = group.size();
    return group;
  }

  /** Ends the committer's turn for the first waiting request, and lets those behind it go ahead. */
  private void afterOwnTurn() {
    List<Decision> unwritten = new ArrayList<>();
    lock.lock();
    try {
      waiting.removeFirst();
      while (!waiting.isEmpty() && !waiting.getFirst().needsSettledEngine()) {
        Decision decision = decide(waiting.removeFirst());
        if (decision != null) {
          unwritten.add(decision);
        }
      }
    } finally {
      lock.unlock();
    }
    unwritten.forEach(this::answerUnwritten);
  }

  /** Unpins what a request wrote; its commit is settled. */
  void settled(Pending pending) {
    pending.forEachHead(state.heads()::unpin);
  }

  /** Answers what is decided or waits for it; whether it will be applied is not known yet. */
  void failDecided(Failure failure) {
    lock.lock();
    try {
      decided.forEach(pending -> pending.failed(failure));
      ring.failWaiting(failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives up everything that is decided but not committed: its state will never be. What waits for
   * a settled engine is given up too.
   *
   * @param uncommitted what the committer holds, in order
   * @param storedCompactRevision what the engine holds
   */
  void giveUp(List<Pending> uncommitted, Failure failure, long storedCompactRevision) {
    lock.lock();
    try {
      List<Pending> lost = new ArrayList<>(uncommitted);
      lost.addAll(decided);
      decided = new ArrayDeque<>();
      decidedBytes = 0;
      ring.failWaiting(failure);
      for (Pending pending : lost) {
        pending.forEachHead(state.heads()::forget);
        settled(pending);
        if (pending.revision() != 0) {
          ring.end(pending.revision(), null);
        }
        pending.failed(failure);
      }
      state.reload(storedCompactRevision);
      while (!waiting.isEmpty()) {
        Command command = waiting.removeFirst();
        command.release();
        command.fail(failure);
      }
    } finally {
      lock.unlock();
    }
    ring.publish();
  }

  /** Refuses new requests from now on; what was taken is still carried out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Failure unreadable(EngineException e) {
    return new Failure.Unreadable(String.valueOf(e.getMessage()));
  }
}
