// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.watch.CreateOutcome;
import dev.brain.server.watch.WatchBatch;
import dev.brain.server.watch.WatchSession;
import dev.brain.server.watch.WatchSink;
import dev.brain.server.watch.WatchSpec;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits until every key below a prefix that was created before a revision is gone. */
final class Turn implements WatchSink {
  /*
   * Look for the youngest of the older keys; if there is one, watch for its deletion and look again.
   * So a deletion wakes one waiter and not all of them. Keys created later do not matter.
   */

  /** Is told once; must be quick. */
  interface Listener {
    /** There is no older key. */
    void come();

    /** Nobody knows. */
    void failed(EtcdStatus status);
  }

  private final Coordination coordination;
  private final byte[] prefix;
  private final long createRevision;
  private final Listener listener;

  @GuardedBy("this")
  private @Nullable WatchSession session;

  @GuardedBy("this")
  private boolean over;

  Turn(Coordination coordination, byte[] prefix, long createRevision, Listener listener) {
    this.coordination = coordination;
    this.prefix = prefix;
    this.createRevision = createRevision;
    this.listener = listener;
  }

  /** Looks for an older key, on a reader. */
  void look() {
    try {
      coordination.readers().execute(this::read);
    } catch (RejectedExecutionException e) {
      fail(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  /** Waits no more; the listener is not told. */
  void cancel() {
    end();
  }

  private void read() {
    RangeResult older;
    try {
      older = coordination.store().range(Coordination.youngestBefore(prefix, createRevision));
    } catch (FailureException e) {
      fail(EtcdStatus.of(e.failure()));
      return;
    }
    if (older.keyValues().isEmpty()) {
      if (end()) {
        listener.come();
      }
      return;
    }
    byte[] key = older.keyValues().getFirst().key().bytes();
    watch(
        new WatchSpec(
            0,
            KeyRange.single(key),
            older.revision() + 1,
            /* puts= */ false,
            /* deletes= */ true,
            /* previous= */ false,
            /* fragment= */ false,
            /* progress= */ false));
  }

  private void watch(WatchSpec spec) {
    WatchSession open;
    synchronized (this) {
      if (over) {
        return;
      }
      open = session;
      if (open == null) {
        Optional<WatchSession> opened = coordination.hub().open(this);
        open = opened.orElse(null);
        session = open;
      }
    }
    if (open == null) {
      fail(EtcdStatus.TOO_MANY_REQUESTS);
      return;
    }
    WatchSession target = open;
    target.execute(
        () -> {
          switch (target.create(spec)) {
            case CreateOutcome.Created ignored -> {}
            case CreateOutcome.Compacted ignored -> look();
            case CreateOutcome.Refused ignored -> fail(EtcdStatus.TOO_MANY_REQUESTS);
          }
        });
  }

  private void fail(EtcdStatus status) {
    if (end()) {
      listener.failed(status);
    }
  }

  /** Whether this was not over yet. */
  private boolean end() {
    WatchSession open;
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      open = session;
    }
    if (open != null) {
      open.execute(open::close);
    }
    return true;
  }

  /* ---------------- what the watch tells ---------------- */

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void events(WatchBatch batch) {
    cancelAndLook(batch.watchId());
  }

  @Override
  public void progress(long watchId, long revision) {
    // Not asked for.
  }

  @Override
  public void compacted(long watchId, long compactRevision) {
    look();
  }

  @Override
  public void stopped() {
    fail(EtcdStatus.STOPPED);
  }

  @Override
  public void failed(Failure failure) {
    fail(EtcdStatus.of(failure));
  }

  private void cancelAndLook(long watchId) {
    WatchSession open;
    synchronized (this) {
      open = session;
    }
    if (open != null) {
      open.execute(
          () -> {
            if (open.cancel(watchId)) {
              look();
            }
          });
    }
  }
}
