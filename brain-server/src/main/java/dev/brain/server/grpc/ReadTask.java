// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.ReadMeter;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A read that cannot be answered on the event loop, from its arrival until its answer is gone. */
final class ReadTask implements Runnable, ReadMeter, ResponseBudget.Waiter {
  /*
   *   QUEUED --a reader takes it--> RUNNING --answered--> ANSWERED --call ended--> ENDED
   *      ^                           |
   *      +--granted-- IN_LINE <------+  bytes are not free
   *
   * How large a list is nobody knows before it is read. So bytes are reserved while it is read, more
   * each time; if they are not free, what was read is dropped, everything reserved is given back, and
   * the list stands in line for twice as much. Nobody waits while holding bytes, so lists that grow
   * side by side cannot block each other.
   *
   * Waiting, for a reader or for bytes, ends after the request timeout as too many requests, which clients
   * do not retry at once as they would a timeout, and quietly when the client goes away. A running step is
   * never interrupted: the engine is in the middle of a read, and what it has read is in memory until it
   * returns.
   *
   * An answer that the client does not take in time is dropped by ending the stream, since it would hold
   * its bytes for ever. The time begins with the timeout above, so that no second timer is needed.
   *
   * Invariants:
   *  1. The call is answered once: by the thread that moved the phase to RUNNING.
   *  2. reserved belongs to the thread that moved the phase to RUNNING or ENDED, else to nobody. It
   *     is given back by the move to ENDED, when the call has ended and no step runs.
   *  3. IN_LINE is left by granted(), which the budget calls once, or by whoever has withdrawn this
   *     from the budget's line; withdrawing fails exactly if granted() was or will be called.
   *  4. The budget is never called under this lock.
   *  5. What is reserved belongs to a list of the connection, unless the answer is single.
   */

  /** What is reserved more at a time, as soon as the answer has that size. */
  private static final long STEP_BYTES = 1 << 20;

  private static final Logger logger = LoggerFactory.getLogger(ReadTask.class);

  private enum Phase {
    QUEUED,
    IN_LINE,
    RUNNING,
    ANSWERED,
    ENDED
  }

  private final Reads reads;
  private final Caller caller;
  private final Connection connection;
  private final ReadStep step;
  private final Consumer<EtcdStatus> refuse;

  /** Written before this stands in line, read by the budget. */
  private volatile long needed;

  private volatile @Nullable Future<?> timeout;
  private long reserved;

  private boolean single;
  private long taken;
  private boolean stopped;

  @GuardedBy("this")
  private Phase phase = Phase.QUEUED;

  @GuardedBy("this")
  private boolean callEnded;

  @GuardedBy("this")
  private boolean late;

  ReadTask(Reads reads, Caller caller, ReadStep step, Consumer<EtcdStatus> refuse) {
    this.reads = reads;
    this.caller = caller;
    this.connection = caller.connection();
    this.step = step;
    this.refuse = refuse;
  }

  /**
   * Starts on the caller's thread, without blocking.
   *
   * @param serializable whether a stale answer will do
   */
  void start(boolean serializable) {
    timeout = reads.timer().schedule(this::onTimeout, reads.timeoutNanos(), TimeUnit.NANOSECONDS);
    reads.gate().pass(serializable, this::submit, this::refuseQueued);
  }

  /** Must be told when the call has ended, for whatever reason; may be told twice. */
  void onCallEnded() {
    synchronized (this) {
      callEnded = true;
    }
    boolean _ = leaveLine();
    end();
  }

  private void onTimeout() {
    synchronized (this) {
      late = true;
      if (phase == Phase.ANSWERED) {
        awaitTaken();
      }
    }
    boolean _ = leaveLine();
    refuseQueued(EtcdStatus.TOO_MANY_REQUESTS);
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public long bytesNeeded() {
    return needed;
  }

  @Override
  public void granted() {
    reserved = needed;
    synchronized (this) {
      phase = Phase.QUEUED;
    }
    submit();
  }

  @Override
  public void run() {
    if (!move(Phase.QUEUED, Phase.RUNNING)) {
      return;
    }
    taken = 0;
    stopped = false;
    try {
      settle(step.run(this));
    } catch (FailureException e) {
      if (stopped) {
        standInLine(Math.min(2 * taken, Math.max(taken, reads.budget().total())));
      } else {
        answer(() -> refuse.accept(EtcdStatus.of(e.failure())));
      }
    } catch (RuntimeException e) {
      logger.error("a read failed", e);
      answer(() -> refuse.accept(EtcdStatus.UNHEALTHY));
    }
  }

  @Override
  public boolean take(long bytes) {
    taken += bytes;
    if (taken <= reserved) {
      return true;
    }
    long more = taken - reserved + Math.min(taken, STEP_BYTES);
    ResponseBudget budget = reads.budget();
    boolean free =
        reserved > 0
            ? budget.tryGrow(connection, reserved, more)
            : budget.tryReserve(connection, more);
    if (free) {
      reserved += more;
    }
    stopped = !free;
    return free;
  }

  private void settle(ReadStep.Answer found) {
    if (found.bytes() > Integer.MAX_VALUE) {
      answer(() -> refuse.accept(EtcdStatus.RESPONSE_TOO_LARGE));
    } else if (reserve(found.bytes(), found.single())) {
      answer(found.send());
    } else if (found.single()) {
      answer(() -> refuse.accept(EtcdStatus.TOO_MANY_REQUESTS));
    } else {
      standInLine(found.bytes());
    }
  }

  /** Makes the reservation fit an answer that exists. */
  private boolean reserve(long bytes, boolean ofSingle) {
    ResponseBudget budget = reads.budget();
    boolean fits;
    if (reserved > 0) {
      budget.change(connection, bytes - reserved);
      fits = true;
    } else {
      single = ofSingle;
      fits = single ? budget.tryReserveSingle(bytes) : budget.tryReserve(connection, bytes);
    }
    if (fits) {
      reserved = bytes;
    }
    return fits;
  }

  /** Drops what was read and waits until so many bytes are free. */
  private void standInLine(long bytes) {
    giveBack();
    needed = bytes;
    boolean stop;
    synchronized (this) {
      stop = late || callEnded;
      if (!stop) {
        phase = Phase.IN_LINE;
      }
    }
    if (stop) {
      answer(() -> refuse.accept(EtcdStatus.TOO_MANY_REQUESTS));
    } else if (bytes > reads.budget().total() || !reads.budget().await(this)) {
      move(Phase.IN_LINE, Phase.QUEUED);
      refuseQueued(EtcdStatus.TOO_MANY_REQUESTS);
    } else {
      recheck();
    }
  }

  /** A timeout or the end of the call may have passed by just before this stood in line. */
  private void recheck() {
    boolean isLate;
    boolean isEnded;
    synchronized (this) {
      isLate = late;
      isEnded = callEnded;
    }
    if (isLate) {
      onTimeout();
    }
    if (isEnded) {
      onCallEnded();
    }
  }

  /** Whether this stood in line until now. */
  private boolean leaveLine() {
    boolean inLine;
    synchronized (this) {
      inLine = phase == Phase.IN_LINE;
    }
    return inLine && reads.budget().withdraw(this) && move(Phase.IN_LINE, Phase.QUEUED);
  }

  private void submit() {
    try {
      reads.readers().execute(connection, this);
    } catch (RejectedExecutionException e) {
      refuseQueued(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  private void refuseQueued(EtcdStatus status) {
    if (move(Phase.QUEUED, Phase.RUNNING)) {
      answer(() -> refuse.accept(status));
    }
  }

  /** Answers; only for the thread that moved the phase to RUNNING. */
  private void answer(Runnable send) {
    send.run();
    synchronized (this) {
      phase = Phase.ANSWERED;
      if (late) {
        awaitTaken();
      }
    }
    end();
  }

  /** Gives the client the time that its answer needs on a slow line. */
  @GuardedBy("this")
  private void awaitTaken() {
    if (reserved > 0 && !callEnded) {
      timeout =
          reads.timer().schedule(caller::cutOff, reads.patience(reserved), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized boolean move(Phase from, Phase to) {
    if (phase != from) {
      return false;
    }
    phase = to;
    return true;
  }

  /** Gives the reserved bytes back if nothing needs them any more. */
  private void end() {
    synchronized (this) {
      if (!callEnded || (phase != Phase.QUEUED && phase != Phase.ANSWERED)) {
        return;
      }
      phase = Phase.ENDED;
    }
    Future<?> pending = timeout;
    if (pending != null) {
      pending.cancel(false);
    }
    giveBack();
  }

  private void giveBack() {
    if (single) {
      reads.budget().change(-reserved);
    } else {
      reads.budget().change(connection, -reserved);
    }
    reserved = 0;
  }
}
