// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.UnsafeByteOperations;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.proto.etcdserverpb.SnapshotResponse;
import dev.brain.server.maintenance.Versions;
import dev.brain.server.snapshot.SnapshotSpool;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One snapshot that is sent as fast as the client takes it. */
final class SnapshotStream implements Runnable {
  /*
   * The snapshot is written to a file first, so that a slow client does not hold back the engine.
   * Since there is one such file at a time, a client that takes nothing for a while is cut off.
   *
   * Invariants:
   *  1. spool belongs to the thread that moved the phase to RUNNING; it is closed by the move to DONE.
   *  2. The phase is IDLE only while the transport is not ready and will tell when it is.
   */

  private static final Logger logger = LoggerFactory.getLogger(SnapshotStream.class);
  private static final int BLOB_BYTES = 32 * 1024;
  private static final long STALL_SECONDS = 60;

  private enum Phase {
    IDLE,
    QUEUED,
    RUNNING,
    DONE
  }

  private final Engine engine;
  private final SnapshotSpool.Place place;
  private final Executor background;
  private final ScheduledExecutorService timer;
  private final ServerCallStreamObserver<SnapshotResponse> client;
  private @Nullable SnapshotSpool spool;
  private volatile @Nullable Future<?> stall;

  @GuardedBy("this")
  private Phase phase = Phase.IDLE;

  @GuardedBy("this")
  private boolean moreWork;

  @GuardedBy("this")
  private boolean callEnded;

  SnapshotStream(
      Engine engine,
      SnapshotSpool.Place place,
      Executor background,
      ScheduledExecutorService timer,
      ServerCallStreamObserver<SnapshotResponse> client) {
    this.engine = engine;
    this.place = place;
    this.background = background;
    this.timer = timer;
    this.client = client;
  }

  /** Starts on the event loop, before the service method returns. */
  void start() {
    client.setOnReadyHandler(this::wake);
    client.setOnCancelHandler(this::onCallEnded);
    if (!place.tryTake()) {
      client.onError(EtcdStatus.TOO_MANY_REQUESTS.exception());
      return;
    }
    wake();
  }

  private void onCallEnded() {
    synchronized (this) {
      callEnded = true;
    }
    wake();
  }

  private void wake() {
    synchronized (this) {
      moreWork = true;
      if (phase != Phase.IDLE) {
        return;
      }
      phase = Phase.QUEUED;
    }
    try {
      background.execute(this);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        phase = Phase.RUNNING;
      }
      fail(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }

  @Override
  public void run() {
    synchronized (this) {
      phase = Phase.RUNNING;
    }
    Future<?> stalled = stall;
    if (stalled != null) {
      stalled.cancel(false);
    }
    try {
      if (send()) {
        client.onCompleted();
        done();
      }
    } catch (IOException | EngineException e) {
      logger.error("a snapshot could not be sent", e);
      fail(EtcdStatus.UNHEALTHY);
    }
  }

  /** Sends what the client takes; whether that was the last of it. */
  private boolean send() throws IOException {
    while (true) {
      boolean ended;
      synchronized (this) {
        moreWork = false;
        ended = callEnded;
      }
      if (ended) {
        return true;
      }
      if (client.isReady()) {
        if (sendNext()) {
          return true;
        }
      } else if (pause()) {
        return false;
      }
    }
  }

  private boolean sendNext() throws IOException {
    SnapshotSpool source = spool;
    if (source == null) {
      source = place.write(engine);
      spool = source;
    }
    byte[] blob = source.next(BLOB_BYTES);
    client.onNext(
        SnapshotResponse.newBuilder()
            .setRemainingBytes(source.remainingContent())
            .setBlob(UnsafeByteOperations.unsafeWrap(blob))
            .setVersion(Versions.STORAGE)
            .build());
    return source.isDone();
  }

  /** Whether the transport's readiness will be told. */
  private boolean pause() {
    Future<?> deadline = timer.schedule(this::onStall, STALL_SECONDS, TimeUnit.SECONDS);
    synchronized (this) {
      if (!moreWork) {
        stall = deadline;
        phase = Phase.IDLE;
        return true;
      }
    }
    deadline.cancel(false);
    return false;
  }

  private void onStall() {
    synchronized (this) {
      if (phase != Phase.IDLE) {
        return;
      }
      phase = Phase.RUNNING;
    }
    fail(EtcdStatus.TIMED_OUT);
  }

  private void fail(EtcdStatus status) {
    client.onError(status.exception());
    done();
  }

  private void done() {
    synchronized (this) {
      phase = Phase.DONE;
    }
    SnapshotSpool source = spool;
    if (source == null) {
      place.release();
      return;
    }
    try {
      source.close();
    } catch (IOException e) {
      logger.warn("a spooled snapshot could not be closed", e);
    }
  }
}
