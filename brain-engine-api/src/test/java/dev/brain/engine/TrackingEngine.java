// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine that watches whether its user closes every snapshot and every cursor exactly once, and
 * in the right order. Thread-safe.
 *
 * <pre>{@code
 * TrackingEngine engine = new TrackingEngine(new MemoryStorage().open());
 * ... use it ...
 * engine.assertAllClosed();
 * }</pre>
 */
public final class TrackingEngine extends ForwardingEngine {
  /** Faults beyond these are counted by nobody: the first ones tell enough. */
  private static final int MOST_FAULTS = 10;

  private final Set<Opened> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();

  /** Watches the use of another engine, which is closed with this one. */
  public TrackingEngine(Engine delegate) {
    super(delegate);
  }

  /**
   * Checks that every snapshot and cursor opened so far was closed exactly once, each cursor before
   * its snapshot and each snapshot before the engine.
   *
   * @throws AssertionError if not; its suppressed exceptions show where each of them was opened, or
   *     was closed wrongly
   */
  public void assertAllClosed() {
    if (open.isEmpty() && faults.isEmpty()) {
      return;
    }
    AssertionError error =
        new AssertionError(
            open.size() + " snapshots and cursors are open, " + faults.size() + " closed wrongly");
    open.stream().limit(MOST_FAULTS).map(Opened::place).forEach(error::addSuppressed);
    faults.forEach(error::addSuppressed);
    throw error;
  }

  /** How many snapshots and cursors are open now. */
  public int openCount() {
    return open.size();
  }

  @Override
  public Snapshot snapshot() {
    return new TrackedSnapshot(super.snapshot());
  }

  @Override
  public void close() {
    if (!open.isEmpty()) {
      fault("the engine is closed while " + open.size() + " snapshots and cursors are open");
    }
    super.close();
  }

  private void fault(String what) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(new Throwable(what));
    }
  }

  /** One snapshot or cursor, and where it was opened. Compared by identity. */
  private final class Opened {
    private final String name;
    private final Throwable place;
    private final AtomicBoolean closed = new AtomicBoolean();

    Opened(String name) {
      this.name = name;
      this.place = new Throwable("a " + name + " was opened here and not closed");
      open.add(this);
    }

    Throwable place() {
      return place;
    }

    /** Whether this was the first time. */
    boolean close() {
      if (!closed.compareAndSet(false, true)) {
        fault("a " + name + " is closed again");
        return false;
      }
      return open.remove(this);
    }
  }

  private final class TrackedSnapshot extends ForwardingSnapshot {
    private final Opened opened = new Opened("snapshot");
    private final AtomicInteger cursors = new AtomicInteger();

    TrackedSnapshot(Snapshot delegate) {
      super(delegate);
    }

    @Override
    public Cursor scan(Space space, KeyRange range, ScanOptions options) {
      Cursor cursor = super.scan(space, range, options);
      cursors.incrementAndGet();
      return new TrackedCursor(cursor, cursors);
    }

    @Override
    public void close() {
      if (cursors.get() != 0) {
        fault("a snapshot is closed before its cursors");
      }
      opened.close();
      super.close();
    }
  }

  private final class TrackedCursor extends ForwardingCursor {
    private final Opened opened = new Opened("cursor");
    private final AtomicInteger cursors;

    TrackedCursor(Cursor delegate, AtomicInteger cursors) {
      super(delegate);
      this.cursors = cursors;
    }

    @Override
    public void close() {
      if (opened.close()) {
        cursors.decrementAndGet();
      }
      super.close();
    }
  }
}
