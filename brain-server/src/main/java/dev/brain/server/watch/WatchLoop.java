// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import com.google.common.util.concurrent.MoreExecutors;
import dev.brain.server.event.EncodedEvent;
import dev.brain.server.event.EncodedRevision;
import dev.brain.server.event.EventHistory;
import dev.brain.server.kv.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the watches of some of the streams, one thing after another: new revisions, requests of
 * clients, and watchers that are behind. All methods but those marked otherwise are called in its
 * executor.
 */
final class WatchLoop {
  /*
   * The loop is itself a cursor: everything up to `position` has been dispatched. Its turn takes the
   * next revisions from the history, a bounded number of them, finds the watchers of each event in the
   * index and gives each watcher one batch. The more slowly it turns, the larger the batches, and so
   * the cheaper each event.
   *
   * A watcher whose sink is not ready leaves the index and keeps the number of the first revision
   * that it was not given. When the sink is ready it takes bites from there: here if what it misses
   * is short and in memory, else on a thread that may block. It is back in the index once it has been
   * given everything up to `position`; since nothing moves `position` meanwhile there is no gap, and
   * since the next turn begins behind `position` there is no repetition.
   *
   * Turns to catch up go round by session, one bite each, and each session has at most one read
   * under way. Publishing never waits for any of this: if the loop falls out of the history, all its
   * watchers are behind and go on from the log.
   *
   * Invariants:
   *  1. Only tasks of `serial` touch the state, so there are no locks and no order of locks.
   *  2. A live watcher has been given every wanted event up to `position`.
   *  3. For a watcher that is behind, `next` is at most `position`, and everything wanted below it was
   *     given.
   */

  /** How many sessions catch up between two dispatches. */
  private static final int TURNS_PER_DISPATCH = 32;

  private static final Logger LOGGER = LoggerFactory.getLogger(WatchLoop.class);

  private final Executor serial;
  private final Executor readers;
  private final WatchTimer timer;
  private final RandomGenerator random;
  private final WatchLimits limits;
  private final WatchUsage usage;
  private final EventHistory history;
  private final WatchSource source;
  private final CatchUp catchUp;
  private final WatcherIndex index;
  private final WatcherGroup.Collector collector = new WatcherGroup.Collector();
  private final Set<WatchSession> sessions = new HashSet<>();
  private final Deque<WatchSession> turns = new ArrayDeque<>();
  private final Deque<Watcher> awaitingRead = new ArrayDeque<>();
  private final Set<WatchSession> awaitingProgress = new LinkedHashSet<>();
  private final Set<WatchSession> broken = new LinkedHashSet<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile boolean stopped;
  private long position;
  private int reads;

  /** A loop that starts behind the newest revision of the history, with randomness of its own. */
  WatchLoop(
      WatchHub.Executors executors,
      RandomGenerator random,
      WatchLimits limits,
      WatchUsage usage,
      EventHistory history,
      WatchSource source) {
    this.serial = MoreExecutors.newSequentialExecutor(executors.loops());
    this.readers = executors.readers();
    this.timer = executors.timer();
    this.random = random;
    this.limits = limits;
    this.usage = usage;
    this.history = history;
    this.source = source;
    this.catchUp = new CatchUp(history, source, limits.scanRevisions());
    this.index = new WatcherIndex(random);
    this.position = history.newest();
  }

  /** Runs a task in order with everything else here. Does nothing once stopped. Any thread. */
  void execute(Runnable task) {
    try {
      serial.execute(task);
    } catch (RejectedExecutionException e) {
      if (!stopped) {
        throw e;
      }
    }
  }

  /** There is something to do. Any thread. */
  void wake() {
    if (scheduled.compareAndSet(false, true)) {
      execute(this::turn);
    }
  }

  long watermark() {
    return source.revision();
  }

  long compactRevision() {
    return source.compactRevision();
  }

  long position() {
    return position;
  }

  WatchLimits limits() {
    return limits;
  }

  WatchUsage usage() {
    return usage;
  }

  WatchTimer timer() {
    return timer;
  }

  boolean isTight() {
    return usage.unsentBytes() > limits.unsentBytes();
  }

  Duration progressDelay() {
    long interval = limits.progressInterval().toNanos();
    return Duration.ofNanos(interval + random.nextLong(interval / 10 + 1));
  }

  void addSession(WatchSession session) {
    sessions.add(session);
    if (stopped) {
      session.stop();
    }
  }

  void removeSession(WatchSession session) {
    awaitingProgress.remove(session);
    awaitingRead.removeIf(watcher -> watcher.session == session);
    if (sessions.remove(session)) {
      usage.removeStream();
    }
  }

  /** Ends all streams, also those that are opened later. */
  void stop() {
    stopped = true;
    for (WatchSession session : List.copyOf(sessions)) {
      guarded(session, session::stop);
    }
  }

  /** Puts a watcher where its cursor says: among the live ones, or behind. */
  void place(Watcher watcher) {
    if (watcher.next > position) {
      watcher.session.enter(watcher, Watcher.State.LIVE);
      index.add(watcher);
    } else {
      watcher.session.addBehind(watcher);
      offer(watcher.session);
    }
  }

  void removeLive(Watcher watcher) {
    index.remove(watcher);
  }

  /** A session may have watchers that can be brought forward. */
  void offer(WatchSession session) {
    if (!session.queued && session.canCatchUp()) {
      session.queued = true;
      turns.add(session);
    }
    wake();
  }

  void awaitProgress(WatchSession session) {
    awaitingProgress.add(session);
    wake();
  }

  private void turn() {
    scheduled.set(false);
    if (stopped) {
      return;
    }
    dispatch();
    for (int taken = 0; taken < TURNS_PER_DISPATCH && !turns.isEmpty(); taken++) {
      WatchSession session = turns.remove();
      session.queued = false;
      guarded(session, () -> catchUp(session));
    }
    answerProgress();
    endBroken();
    if (!turns.isEmpty() || history.newest() > position) {
      wake();
    }
  }

  private void answerProgress() {
    for (WatchSession session : List.copyOf(awaitingProgress)) {
      guarded(
          session,
          () -> {
            if (session.answerProgress()) {
              awaitingProgress.remove(session);
            }
          });
    }
  }

  private void endBroken() {
    for (WatchSession session : broken) {
      try {
        session.stop();
      } catch (RuntimeException e) {
        LOGGER.debug("a watch stream that was given up cannot be ended", e);
      }
    }
    broken.clear();
  }

  private void dispatch() {
    EventHistory.Slice slice =
        history.read(position + 1, limits.batchRevisions(), limits.batchBytes());
    if (slice == null) {
      fallBehind();
      return;
    }
    for (EncodedRevision revision : slice.revisions()) {
      for (EncodedEvent event : revision.events()) {
        index.collect(event, collector);
      }
    }
    position = slice.through();
    for (WatcherGroup group : collector.groups()) {
      deliver(group);
    }
    collector.clear();
  }

  /** The history no longer holds what comes next. */
  private void fallBehind() {
    long from = position + 1;
    position = history.newest();
    for (Watcher watcher : index.watchers()) {
      if (watcher.next <= position) {
        index.remove(watcher);
        watcher.next = Math.max(watcher.next, from);
        place(watcher);
      }
    }
  }

  private void deliver(WatcherGroup group) {
    List<EncodedEvent> events = group.takeEvents();
    // Backwards, because a member that leaves is replaced by the last one, which has had its turn.
    for (int place = group.size() - 1; place >= 0; place--) {
      Watcher watcher = group.member(place);
      List<EncodedEvent> wanted = watcher.select(events);
      if (wanted.isEmpty()) {
        continue;
      }
      WatchBatch batch = watcher.batch(wanted, wanted.getLast().revision());
      long bytes = batch.bytes();
      if (watcher.session.accepts(bytes)) {
        guarded(watcher.session, () -> watcher.session.send(watcher, batch, bytes));
      } else {
        index.remove(watcher);
        watcher.next = wanted.getFirst().revision();
        place(watcher);
      }
    }
  }

  private void catchUp(WatchSession session) {
    if (!session.canCatchUp()) {
      return;
    }
    Watcher watcher = session.takeBehind();
    boolean near = position - watcher.next < limits.scanRevisions();
    CatchUp.Bite bite =
        near ? catchUp.fromHistory(watcher.spec, watcher.next, position, biteSize()) : null;
    if (bite != null) {
      take(watcher, bite);
      return;
    }
    session.reading = true;
    if (reads < limits.reads()) {
      read(watcher);
    } else {
      awaitingRead.add(watcher);
    }
  }

  private void read(Watcher watcher) {
    long from = watcher.next;
    long through = position;
    CatchUp.Size size = biteSize();
    reads++;
    try {
      readers.execute(
          () -> {
            CatchUp.Bite bite = catchUp.read(watcher.spec, from, through, size);
            execute(() -> finishRead(watcher, bite));
          });
    } catch (RejectedExecutionException e) {
      reads--;
      broken.add(watcher.session);
    }
  }

  private void finishRead(Watcher watcher, CatchUp.Bite bite) {
    reads--;
    watcher.session.reading = false;
    if (watcher.state != Watcher.State.ENDED) {
      guarded(watcher.session, () -> take(watcher, bite));
    }
    offer(watcher.session);
    while (reads < limits.reads() && !awaitingRead.isEmpty()) {
      Watcher waiting = awaitingRead.remove();
      if (waiting.state == Watcher.State.ENDED) {
        waiting.session.reading = false;
        offer(waiting.session);
      } else {
        read(waiting);
      }
    }
  }

  /** Gives a watcher a bite, and puts it where its cursor is then. */
  private void take(Watcher watcher, CatchUp.Bite bite) {
    Failure failure = bite.failure();
    if (failure instanceof Failure.Compacted(long compactRevision)) {
      watcher.session.compacted(watcher, compactRevision);
      offer(watcher.session);
      return;
    }
    if (failure != null) {
      watcher.session.fail(failure);
      return;
    }
    watcher.next = bite.next();
    place(watcher);
    if (!bite.events().isEmpty()) {
      WatchBatch batch = watcher.batch(bite.events(), bite.next() - 1);
      watcher.session.send(watcher, batch, batch.bytes());
    }
    offer(watcher.session);
  }

  private CatchUp.Size biteSize() {
    return isTight()
        ? new CatchUp.Size(1, WatchLimits.TIGHT_BYTES)
        : new CatchUp.Size(limits.batchRevisions(), limits.batchBytes());
  }

  /** Runs what calls a sink; a sink that throws loses its stream, at the end of the turn. */
  void guarded(WatchSession session, Runnable task) {
    if (broken.contains(session)) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOGGER.warn("a watch stream is given up", e);
      broken.add(session);
      wake();
    }
  }
}
