// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.EventHistory;
import dev.brain.server.event.RevisionListener;
import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watches what happens. Thread-safe.
 *
 * <p>The streams are shared out among loops, which know nothing of each other; see {@link
 * WatchLoop} for how one works.
 */
public final class WatchHub implements RevisionListener, AutoCloseable {
  /**
   * The executors of watches; none of them is shut down here.
   *
   * @param loops runs tasks that never block, at most one for each loop at a time
   * @param readers runs tasks that block for the engine, at most {@link WatchLimits#reads} for each
   *     loop at a time
   * @param timer runs short tasks later
   */
  public record Executors(Executor loops, Executor readers, WatchTimer timer) {}

  private static final Logger LOGGER = LoggerFactory.getLogger(WatchHub.class);
  private static final int STOP_SECONDS = 5;

  private final WatchLimits limits;
  private final EventHistory history;
  private final WatchUsage usage = new WatchUsage();
  private final AtomicInteger opened = new AtomicInteger();
  private final List<WatchLoop> loops;

  /**
   * A hub that serves watches.
   *
   * @param source the store, of whose revisions this hub is told from the newest of the history on
   * @param history nobody else may add to it
   * @param random for the spread of the notes of progress and for balance
   */
  public WatchHub(
      WatchLimits limits,
      WatchSource source,
      EventHistory history,
      Executors executors,
      RandomGenerator.SplittableGenerator random) {
    this.limits = limits;
    this.history = history;
    List<WatchLoop> all = new ArrayList<>();
    for (int i = 0; i < limits.loops(); i++) {
      all.add(new WatchLoop(executors, random.split(), limits, usage, history, source));
    }
    this.loops = List.copyOf(all);
  }

  @Override
  public void published(List<Revision> revisions) {
    history.append(revisions);
    loops.forEach(WatchLoop::wake);
  }

  /**
   * The watermark has moved to a revision, but this hub was not told of all revisions before it:
   * those who watch read them from the event log. Called by the thread that publishes.
   *
   * @param revision at least that of the last revision published
   */
  public void skip(long revision) {
    history.skip(revision);
    loops.forEach(WatchLoop::wake);
  }

  /** The revision of the last revision published or skipped. */
  public long newest() {
    return history.newest();
  }

  /**
   * Opens a stream.
   *
   * @param sink receives what the watches of the stream are to be sent
   * @return the stream, or nothing if there are as many as there may be
   */
  public Optional<WatchSession> open(WatchSink sink) {
    if (!usage.addStream(limits.streams())) {
      return Optional.empty();
    }
    WatchLoop loop = loops.get(Math.floorMod(opened.getAndIncrement(), loops.size()));
    WatchSession session = new WatchSession(loop, sink);
    loop.execute(() -> loop.addSession(session));
    return Optional.of(session);
  }

  /** What watches use now. */
  public WatchUsage usage() {
    return usage;
  }

  /**
   * Ends all streams, and those that are opened later; waits until their sinks have been told, a
   * few seconds at most.
   */
  @Override
  public void close() {
    CountDownLatch stopped = new CountDownLatch(loops.size());
    for (WatchLoop loop : loops) {
      try {
        loop.execute(
            () -> {
              loop.stop();
              stopped.countDown();
            });
      } catch (RejectedExecutionException e) {
        stopped.countDown();
      }
    }
    try {
      if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.warn("watch streams did not end within {} s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
