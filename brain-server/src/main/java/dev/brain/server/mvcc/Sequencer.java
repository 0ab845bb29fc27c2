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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
   *  5. Bounds: at most maxRequests requests that are not answered, holding at most maxBytes, and one
   *     more. At the bound a request is refused as "too many requests" and not applied.
   *  6. An answer depends on the state that its decision saw, a refusal too. It leaves when that state
   *     is visible: a request that writes nothing waits in the ring, one that was refused goes through
   *     the decided queue. An answer is noted down in the turn, or a give-up in between would miss it.
   *  7. An answer that no commit of its own proves to be the newest, by the fence, is given only if this
   *     node still leads then: a leader that slept may be asked when another one has written.
   *  8. Answers are given outside of the lock and of the turn, so a completion may submit again.
   */

  private static final Logger logger = LoggerFactory.getLogger(Sequencer.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final OrderedState state;
  private final PublishRing<Pending> ring;
  private final int maxRequests;
  private final long maxBytes;
  private final BooleanSupplier leads;

  private final ArrayDeque<Command> waiting = new ArrayDeque<>();
  private final ArrayDeque<Pending> decided = new ArrayDeque<>();
  private long waitingBytes;
  private long decidedBytes;
  private int inFlight;
  private long inFlightBytes;
  private boolean committerIdle;

  /** What those are told who come too late; null while requests are taken. */
  private @Nullable Failure closed;

  /**
   * @param maxRequests the most requests that are waiting, decided or in flight; below the ring's
   *     capacity
   * @param maxBytes the most bytes that they may hold
   * @param leads whether this node surely leads at the moment of the call
   */
  Sequencer(
      OrderedState state,
      PublishRing<Pending> ring,
      int maxRequests,
      long maxBytes,
      BooleanSupplier leads) {
    this.state = state;
    this.ring = ring;
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
    this.leads = leads;
  }

  /** Takes a request; it is answered or failed in its time, perhaps before this returns. */
  void submit(Command command) {
    Failure refusal = prepare(command);
    Runnable answer = Sequencer::nothing;
    if (refusal == null) {
      lock.lock();
      try {
        refusal = refusal();
        if (refusal == null) {
          if (waiting.isEmpty() && !command.needsSettledEngine()) {
            answer = accept(command, decide(command));
          } else {
            waiting.add(command);
            waitingBytes += command.bytes();
          }
          wakeCommitter();
        }
      } finally {
        lock.unlock();
      }
    }
    if (refusal == null) {
      answer.run();
    } else {
      command.release();
      command.fail(refusal);
    }
  }

  private static @Nullable Failure prepare(Command command) {
    try {
      command.prepare();
      return null;
    } catch (RuntimeException e) {
      return unreadable(e);
    }
  }

  private @Nullable Failure refusal() {
    if (closed != null) {
      return closed;
    }
    int requests = waiting.size() + decided.size() + inFlight + ring.waiting();
    if (requests >= maxRequests || waitingBytes + decidedBytes + inFlightBytes >= maxBytes) {
      return new Failure.TooManyRequests();
    }
    return null;
  }

  /** Decides, in the turn. */
  private Decision decide(Command command) {
    try {
      Decision decision = command.decide(state);
      if (decision instanceof Decision.Write(Pending pending)) {
        pending.forEachHead(state.heads()::pinAgain);
      }
      return decision;
    } catch (FailureException e) {
      return new Decision.Refused(e.failure());
    } catch (RuntimeException e) {
      return new Decision.Undecided(unreadable(e));
    } finally {
      command.release();
    }
  }

  /** Takes a decision over, under the lock. Answers what is to be told at once, outside of it. */
  private Runnable accept(Command command, Decision decision) {
    return switch (decision) {
      case Decision.Write(Pending pending) -> append(pending);
      case Decision.NoWrite(long after, Answer answer) -> {
        Answer proved = Answer.proved(answer, leads);
        yield ring.whenVisible(after, proved) ? Sequencer::nothing : proved::visible;
      }
      case Decision.Refused(Failure failure) -> {
        Answer answer = Answer.failure(failure, command);
        yield decided.isEmpty() && inFlight == 0
            ? Answer.proved(answer, leads)::visible
            : append(Pending.follower(answer));
      }
      case Decision.Undecided(Failure failure) -> () -> command.fail(failure);
    };
  }

  private static void nothing() {}

  private Runnable append(Pending pending) {
    decided.add(pending);
    decidedBytes += pending.bytes();
    return Sequencer::nothing;
  }

  private void wakeCommitter() {
    if (committerIdle && (!decided.isEmpty() || !waiting.isEmpty())) {
      work.signal();
    }
  }

  /**
   * Takes the next decided requests, for the committer; waits until there are some. Decides waiting
   * requests when their time has come. What was taken before is settled.
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
          if (closed != null) {
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
      takeOwnTurn(next);
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

  /**
   * Decides the first waiting request, without the lock, and then those behind it that need not
   * wait.
   */
  private void takeOwnTurn(Command first) {
    List<Runnable> answers = new ArrayList<>();
    Decision decision = decide(first);
    lock.lock();
    try {
      removeWaiting();
      answers.add(accept(first, decision));
      while (!waiting.isEmpty() && !waiting.getFirst().needsSettledEngine()) {
        Command command = removeWaiting();
        answers.add(accept(command, decide(command)));
      }
    } finally {
      lock.unlock();
    }
    answers.forEach(Runnable::run);
  }

  private Command removeWaiting() {
    Command command = waiting.removeFirst();
    waitingBytes -= command.bytes();
    return command;
  }

  /** Unpins what a request wrote; its commit is settled. */
  void settled(Pending pending) {
    pending.forEachHead(state.heads()::unpin);
  }

  /**
   * Answers everybody, for the committer, while the outcome of a commit is not known. What is
   * decided may still be applied.
   */
  void failUnsettled() {
    List<Pending> unsettled;
    List<Command> undecided;
    lock.lock();
    try {
      unsettled = List.copyOf(decided);
      undecided = takeWaiting();
    } finally {
      lock.unlock();
    }
    Failure unknown = new Failure.OutcomeUnknown();
    unsettled.forEach(pending -> pending.failed(unknown));
    ring.takeWaiting().forEach(answer -> answer.failed(unknown));
    fail(undecided, new Failure.Unreadable("the outcome of an earlier write is not known yet"));
  }

  /**
   * Gives up, for the committer, everything that is decided but not committed: its state will never
   * be.
   *
   * @param uncommitted what the committer holds, in order
   */
  void giveUp(List<Pending> uncommitted, Failure failure) {
    List<Pending> lost = new ArrayList<>(uncommitted);
    List<Answer> orphans;
    lock.lock();
    try {
      lost.addAll(takeDecided());
      state.giveUp(lost, ring.watermark());
      orphans = ring.takeWaiting();
    } finally {
      lock.unlock();
    }
    for (Pending pending : lost) {
      settled(pending);
      if (pending.revision() != 0) {
        ring.end(pending.revision(), null);
      }
    }
    ring.publish();
    lost.forEach(pending -> pending.failed(failure));
    orphans.forEach(answer -> answer.failed(failure));
  }

  /** Refuses new requests from now on; what was taken is still carried out. */
  void close(Failure reason) {
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes and fails everything that was not taken. For the committer, or if there is none. */
  void abandon(Failure failure) {
    List<Pending> lost;
    List<Command> undecided;
    lock.lock();
    try {
      if (closed == null) {
        closed = failure;
      }
      lost = takeDecided();
      undecided = takeWaiting();
    } finally {
      lock.unlock();
    }
    lost.forEach(pending -> pending.failed(failure));
    ring.takeWaiting().forEach(answer -> answer.failed(failure));
    fail(undecided, failure);
  }

  private List<Pending> takeDecided() {
    List<Pending> taken = List.copyOf(decided);
    decided.clear();
    decidedBytes = 0;
    return taken;
  }

  private List<Command> takeWaiting() {
    List<Command> taken = List.copyOf(waiting);
    waiting.clear();
    waitingBytes = 0;
    return taken;
  }

  private static void fail(List<Command> commands, Failure failure) {
    for (Command command : commands) {
      command.release();
      command.fail(failure);
    }
  }

  private static Failure unreadable(RuntimeException e) {
    if (!(e instanceof EngineException)) {
      logger.error("a request could not be decided", e);
    }
    return new Failure.Unreadable(String.valueOf(e.getMessage()));
  }
}
