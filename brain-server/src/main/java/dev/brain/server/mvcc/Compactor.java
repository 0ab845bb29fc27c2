// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what a compaction has made unreadable. One thread runs it until it is closed. */
final class Compactor implements Runnable {
  /*
   * A compaction at C walks the log below C, which it has not walked before, and nothing else: the work is
   * proportional to what changed, not to what is stored. Each entry names the version that it replaced,
   * which no read at C or later can see; that row is deleted from the history. If the entry is a delete,
   * its tombstone is removed from the heads, unless the key was created again. The entries themselves go
   * too.
   *
   * Entries at C stay until the next compaction, with what they replaced, so that a watch from C sees its
   * events with their previous versions.
   *
   * Invariants:
   *  1. The compact revision is durable before anything below it is deleted.
   *  2. A bite, which is a few whole revisions of the log, is deleted in one commit: history, tombstones
   *     and log entries. If a tombstone went before the versions that it hides, and its key was created
   *     again, a read below the new version would find them; if it went later, a crash would leave it.
   *     The commit takes its place in the order of writes, and is like one of them.
   *  3. Deleting is bounded: a bite has at most BITE_ENTRIES entries.
   */

  /** A client that waits until a compaction is finished. */
  private record Waiter(long revision, Completion<Long> completion, long newest) {
    void done() {
      completion.complete(newest);
    }

    /** The compaction counts, but nobody knows when its deletions will be finished. */
    void abandoned() {
      completion.fail(new Failure.OutcomeUnknown());
    }
  }

  /** Log entries per commit: small enough that a write waiting behind it does not notice. */
  private static final int BITE_ENTRIES = 1_000;

  /** The pause after the engine or the sequencer refused a bite. */
  private static final long RETRY_MILLIS = 500;

  private static final Logger logger = LoggerFactory.getLogger(Compactor.class);

  private final Engine engine;
  private final Sequencer sequencer;
  private final HeadCache heads;
  private final LongSupplier compactRevision;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Object monitor = new Object();
  private final List<Waiter> waiting = new ArrayList<>();
  private long compactedThrough;

  /**
   * @param compactedThrough the compaction that was finished last, as stored
   */
  Compactor(
      Engine engine,
      Sequencer sequencer,
      HeadCache heads,
      LongSupplier compactRevision,
      long compactedThrough) {
    this.engine = engine;
    this.sequencer = sequencer;
    this.heads = heads;
    this.compactRevision = compactRevision;
    this.compactedThrough = compactedThrough;
  }

  /** There may be something to do. Any thread. */
  void wake() {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  /**
   * Completes with {@code newest} when everything below a revision is deleted; fails on close.
   *
   * @param revision at most the compact revision
   */
  void whenDone(long revision, Completion<Long> completion, long newest) {
    Waiter waiter = new Waiter(revision, completion, newest);
    boolean done;
    synchronized (monitor) {
      done = compactedThrough >= revision;
      if (!done && !isClosed()) {
        waiting.add(waiter);
        monitor.notifyAll();
        return;
      }
    }
    if (done) {
      waiter.done();
    } else {
      waiter.abandoned();
    }
  }

  @Override
  public void run() {
    try {
      while (awaitWork()) {
        long target = compactRevision.getAsLong();
        if (compactOnce(target)) {
          finished(target);
        } else if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closing.countDown();
      takeWaiters(Long.MAX_VALUE).forEach(Waiter::abandoned);
      stopped.countDown();
    }
  }

  private boolean awaitWork() throws InterruptedException {
    synchronized (monitor) {
      while (!isClosed() && compactedThrough >= compactRevision.getAsLong()) {
        monitor.wait();
      }
      return !isClosed();
    }
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  private void finished(long target) {
    synchronized (monitor) {
      compactedThrough = target;
    }
    takeWaiters(target).forEach(Waiter::done);
  }

  private List<Waiter> takeWaiters(long through) {
    synchronized (monitor) {
      List<Waiter> taken = waiting.stream().filter(waiter -> waiter.revision() <= through).toList();
      waiting.removeAll(taken);
      return taken;
    }
  }

  /**
   * Deletes everything below a revision; false if the engine refused and it must be tried again.
   */
  private boolean compactOnce(long target) throws InterruptedException {
    try {
      long from = compactedThrough;
      while (!isClosed()) {
        Bite bite = read(from, target);
        if (!commit(bite, from, target)) {
          return false;
        }
        if (bite.last) {
          return true;
        }
        from = bite.next;
      }
      return false;
    } catch (EngineException e) {
      logger.warn("a compaction through revision {} will be tried again", target, e);
      return false;
    }
  }

  /** A few whole revisions of the log. */
  private static final class Bite {
    private final List<byte[]> history = new ArrayList<>();
    private final Map<Key, Long> tombstones = new HashMap<>();
    private long next;
    private boolean last;

    void add(LogEntry entry, long revision) {
      if (entry.previousRevision() != 0) {
        history.add(RowKeys.history(entry.key().bytes(), entry.previousRevision()));
      }
      if (entry.delete()) {
        tombstones.put(entry.key(), revision);
      } else {
        tombstones.remove(entry.key());
      }
    }
  }

  private Bite read(long from, long target) {
    Bite bite = new Bite();
    bite.last = true;
    bite.next = target;
    int entries = 0;
    try (Snapshot snapshot = engine.snapshot();
        Cursor log =
            snapshot.scan(Space.LOG, RowKeys.logBetween(from, target - 1), ScanOptions.FORWARD)) {
      while (log.next()) {
        long revision = RowKeys.logRevision(log.key());
        if (entries >= BITE_ENTRIES && revision != bite.next) {
          bite.next = revision;
          bite.last = false;
          break;
        }
        bite.next = revision;
        entries++;
        bite.add(EventLog.entry(log.value()), revision);
      }
    }
    if (bite.last) {
      bite.next = target;
    }
    return bite;
  }

  /** Deletes a bite, in the order of writes; false if that was refused. */
  private boolean commit(Bite bite, long from, long target) throws InterruptedException {
    Waiting waiting = new Waiting();
    Consumer<WriteBatch> rows =
        batch -> {
          bite.history.forEach(row -> batch.delete(Space.HISTORY, row));
          batch.deleteRange(Space.LOG, RowKeys.logBetween(from, bite.next - 1));
          if (bite.last) {
            batch.put(Space.META, MetaKeys.COMPACTED_THROUGH, MetaKeys.number(target));
          }
        };
    sequencer.submit(new PurgeCommand(bite.tombstones, rows, heads, waiting));
    return waiting.await();
  }

  /** Waits for the answer to a bite. */
  private static final class Waiting implements Completion<Long> {
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean done;

    @Override
    public void complete(Long revision) {
      done = true;
      answered.countDown();
    }

    @Override
    public void fail(Failure failure) {
      answered.countDown();
    }

    boolean await() throws InterruptedException {
      answered.await();
      return done;
    }
  }

  /** Stops after the bite that is under way. */
  void close() throws InterruptedException {
    synchronized (monitor) {
      closing.countDown();
      monitor.notifyAll();
    }
    stopped.await();
  }
}
