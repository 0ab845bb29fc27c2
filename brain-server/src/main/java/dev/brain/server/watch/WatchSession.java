// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.kv.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one stream. Everything but {@link #execute} must be called inside {@link
 * #execute}; tasks given to it run one after another, in order, and together with nothing that the
 * sink of this session is called for.
 */
public final class WatchSession {
  /*
   * Invariants:
   *  1. A watcher in `watchers` is in the index of the loop (LIVE), or in `behind`, or it is the one
   *     whose read is under way (`reading`).
   *  2. While the sink is not ready it is given no more than what was read for it before, so a stream
   *     whose client does not read holds the sink's own bound plus a batch of live events and a bite.
   *  3. Progress is told only at the position of the loop and only for live watchers, all of whose
   *     events up to there were given to the sink before.
   */

  /** Stands for all watches of the stream in notes of progress. */
  public static final long ALL_WATCHES = -1;

  private final WatchLoop loop;
  private final WatchSink sink;
  private final Map<Long, Watcher> watchers = new HashMap<>();
  private final SequencedSet<Watcher> behind = new LinkedHashSet<>();
  private long nextId;
  private boolean ended;
  private long unsentBytes;
  private long progressTarget;
  private @Nullable Future<?> tick;

  /** Whether it waits for its turn to catch up. */
  boolean queued;

  /** Whether a read for one of its watchers is under way. */
  boolean reading;

  /** Whether a request for progress is to be answered as soon as that is possible. */
  private boolean progressWanted;

  WatchSession(WatchLoop loop, WatchSink sink) {
    this.loop = loop;
    this.sink = sink;
  }

  /**
   * Runs a task in the order of this session, soon, on another thread; unless the stream has ended
   * by then. Any thread.
   */
  public void execute(Runnable task) {
    loop.execute(
        () -> {
          if (!ended) {
            loop.guarded(this, task);
          }
        });
  }

  /** The watermark. Any thread. */
  public long revision() {
    return loop.watermark();
  }

  /**
   * Begins a watch. If it is created, the sink is given its events after this call has returned.
   *
   * <p>A watch that starts now sees everything above the revision of the outcome.
   */
  public CreateOutcome create(WatchSpec spec) {
    long revision = loop.watermark();
    if (spec.start() < 0) {
      return new CreateOutcome.Refused(CreateOutcome.Reason.NEGATIVE_START, revision);
    }
    if (spec.range().isEmpty()) {
      return new CreateOutcome.Refused(CreateOutcome.Reason.EMPTY_RANGE, revision);
    }
    if (spec.id() != 0 && watchers.containsKey(spec.id())) {
      return new CreateOutcome.Refused(CreateOutcome.Reason.DUPLICATE_ID, revision);
    }
    WatchLimits limits = loop.limits();
    if (watchers.size() >= limits.watchesPerStream() || !loop.usage().addWatch(limits.watches())) {
      return new CreateOutcome.Refused(CreateOutcome.Reason.TOO_MANY_WATCHES, revision);
    }
    long id = spec.id() != 0 ? spec.id() : freeId();
    long compactRevision = loop.compactRevision();
    if (spec.start() > 0 && spec.start() < compactRevision) {
      loop.usage().removeWatch();
      return new CreateOutcome.Compacted(id, revision, compactRevision);
    }
    boolean now = spec.start() == 0;
    long next = now ? revision + 1 : spec.start();
    Watcher watcher = new Watcher(this, id, spec, next, now ? revision : spec.start());
    watchers.put(id, watcher);
    loop.place(watcher);
    if (spec.progress() && tick == null) {
      scheduleTick();
    }
    return new CreateOutcome.Created(id, revision);
  }

  /** Ends a watch. Answers false if there is none with this id. */
  public boolean cancel(long id) {
    Watcher watcher = watchers.get(id);
    if (watcher == null) {
      return false;
    }
    end(watcher);
    return true;
  }

  /**
   * Asks how far the watches have come. The sink is told once every watch of the stream has been
   * given everything up to the watermark of this moment; requests made before that are answered
   * together. There is no answer if there is no watch, or if one starts above the watermark.
   */
  public void requestProgress() {
    long watermark = loop.watermark();
    if (watchers.isEmpty() || greatestFloor() > watermark) {
      return;
    }
    progressWanted = true;
    progressTarget = watermark;
    loop.awaitProgress(this);
  }

  /** The sink can take more. */
  public void ready() {
    settle();
    loop.offer(this);
  }

  /** Ends all watches; the sink is not called any more. */
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    for (Watcher watcher : List.copyOf(watchers.values())) {
      end(watcher);
    }
    loop.usage().addUnsent(-unsentBytes);
    unsentBytes = 0;
    Future<?> scheduled = tick;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    loop.removeSession(this);
  }

  void stop() {
    if (!ended) {
      close();
      sink.stopped();
    }
  }

  void fail(Failure failure) {
    if (!ended) {
      close();
      sink.failed(failure);
    }
  }

  /** Whether a batch can be sent without piling up more than is allowed. */
  boolean accepts(long bytes) {
    return sink.isReady() && (bytes <= WatchLimits.TIGHT_BYTES || !loop.isTight());
  }

  /** Whether a watcher can be brought forward now. */
  boolean canCatchUp() {
    return !ended && !reading && !behind.isEmpty() && sink.isReady();
  }

  Watcher takeBehind() {
    return behind.removeFirst();
  }

  void addBehind(Watcher watcher) {
    enter(watcher, Watcher.State.BEHIND);
    behind.add(watcher);
  }

  /** Changes the state of a watcher, and counts. */
  void enter(Watcher watcher, Watcher.State state) {
    if (watcher.state != state) {
      loop.usage().addBehind(watcher.state == Watcher.State.BEHIND ? -1 : 0);
      loop.usage().addBehind(state == Watcher.State.BEHIND ? 1 : 0);
      watcher.state = state;
    }
  }

  void send(Watcher watcher, WatchBatch batch, long bytes) {
    watcher.quiet = false;
    settle();
    unsentBytes += bytes;
    loop.usage().addUnsent(bytes);
    loop.usage().addEvents(batch.events().size());
    sink.events(batch);
  }

  void compacted(Watcher watcher, long compactRevision) {
    end(watcher);
    sink.compacted(watcher.id, compactRevision);
  }

  /** Answers a request for progress if that is possible now; false if it has to wait on. */
  boolean answerProgress() {
    if (ended || !progressWanted || watchers.isEmpty()) {
      progressWanted = false;
      return true;
    }
    long position = loop.position();
    if (reading
        || !behind.isEmpty()
        || position < progressTarget
        || !sink.isReady()
        || greatestFloor() > position) {
      return false;
    }
    progressWanted = false;
    sink.progress(ALL_WATCHES, position);
    return true;
  }

  private void tick() {
    tick = null;
    if (ended) {
      return;
    }
    boolean wanted = false;
    for (Watcher watcher : new ArrayList<>(watchers.values())) {
      if (!watcher.spec.progress()) {
        continue;
      }
      wanted = true;
      if (watcher.quiet
          && watcher.state == Watcher.State.LIVE
          && watcher.floor <= loop.position()
          && sink.isReady()) {
        sink.progress(watcher.id, loop.position());
      }
      watcher.quiet = true;
    }
    if (wanted) {
      scheduleTick();
    }
  }

  private void scheduleTick() {
    Duration delay = loop.progressDelay();
    tick = loop.timer().after(delay, () -> execute(this::tick));
  }

  private void end(Watcher watcher) {
    if (watcher.state == Watcher.State.LIVE) {
      loop.removeLive(watcher);
    }
    behind.remove(watcher);
    enter(watcher, Watcher.State.ENDED);
    watchers.remove(watcher.id);
    loop.usage().removeWatch();
  }

  /** Forgets what was sent if the sink is ready again. */
  private void settle() {
    if (unsentBytes > 0 && sink.isReady()) {
      loop.usage().addUnsent(-unsentBytes);
      unsentBytes = 0;
    }
  }

  private long greatestFloor() {
    long greatest = 0;
    for (Watcher watcher : watchers.values()) {
      greatest = Math.max(greatest, watcher.floor);
    }
    return greatest;
  }

  private long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }
}
