// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.brain.engine.KeyRange;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.mvcc.StoreView;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One range that is sent in chunks, as fast as the client takes them. */
final class RangeStream implements Runnable, ResponseBudget.Waiter {
  /*
   * The first chunk is small, so that the client has something soon, and tells the revision, which
   * is that of all chunks, and the count. The number of keys of the next chunks is doubled or halved
   * so that a chunk lands near the size aimed at.
   *
   *   IDLE --onReady--> QUEUED --reader--> RUNNING --client busy--> IDLE
   *                       ^                  |  \--last chunk--> ENDED
   *                       +-- IN_LINE <------+  bytes are not free
   *
   * One chunk at a time is read and sent; the next one only when the transport is ready again, which
   * means that the last one is nearly gone. So the reserved bytes are those of one chunk. A client that
   * does not take it in time is cut off.
   *
   * Invariants:
   *  1. The fields of progress and reserved belong to the thread that moved the phase to RUNNING.
   *  2. After RUNNING the phase goes to IDLE only if the transport was not ready after onReady could
   *     have been missed: moreWork tells.
   *  3. Reserved bytes are given back once, when the call has ended and nothing runs.
   */

  private static final Logger logger = LoggerFactory.getLogger(RangeStream.class);
  private static final int FIRST_KEYS = 10;

  private enum Phase {
    IDLE,
    QUEUED,
    IN_LINE,
    RUNNING,
    DONE,
    ENDED
  }

  private final StoreView store;
  private final ResponseHeaders headers;
  private final Reads reads;
  private final int aimBytes;
  private final RangeQuery query;
  private final Caller caller;
  private final Connection connection;
  private final ServerCallStreamObserver<RangeMessage> client;

  private volatile long needed;
  private long reserved;
  private long sent;
  private long chunkKeys = FIRST_KEYS;
  private @Nullable RangeResult first;
  private byte[] next;

  @GuardedBy("this")
  private Phase phase = Phase.IDLE;

  @GuardedBy("this")
  private boolean callEnded;

  /** It may begin: what it reads is new enough. */
  @GuardedBy("this")
  private boolean admitted;

  @GuardedBy("this")
  private boolean moreWork;

  /** Ends the call unless the client takes what was sent. */
  @GuardedBy("this")
  private @Nullable Future<?> cutOff;

  RangeStream(
      StoreView store,
      ResponseHeaders headers,
      Reads reads,
      int aimBytes,
      RangeQuery query,
      Caller caller,
      ServerCallStreamObserver<RangeMessage> client) {
    this.store = store;
    this.headers = headers;
    this.reads = reads;
    this.aimBytes = aimBytes;
    this.query = query;
    this.caller = caller;
    this.connection = caller.connection();
    this.client = client;
    this.needed = Math.min(aimBytes, reads.budget().total());
    this.next = query.range().start();
  }

  /** Starts on the event loop, before the service method returns. */
  void start() {
    client.setOnReadyHandler(this::onReady);
    client.setOnCancelHandler(this::onCallEnded);
    client.setOnCloseHandler(this::onCallEnded);
    reads.gate().pass(query.serializable(), this::begin, this::refuse);
  }

  private void begin() {
    synchronized (this) {
      admitted = true;
    }
    onReady();
  }

  private void refuse(EtcdStatus status) {
    if (move(Phase.IDLE, Phase.RUNNING)) {
      fail(status);
    }
  }

  private void onReady() {
    synchronized (this) {
      moreWork = true;
      taken();
      if (phase != Phase.IDLE || !admitted) {
        return;
      }
      phase = Phase.QUEUED;
    }
    submit();
  }

  private void onCallEnded() {
    boolean inLine;
    synchronized (this) {
      callEnded = true;
      inLine = phase == Phase.IN_LINE;
    }
    if (inLine && reads.budget().withdraw(this)) {
      move(Phase.IN_LINE, Phase.IDLE);
    }
    end();
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
    move(Phase.IN_LINE, Phase.QUEUED);
    submit();
  }

  private void submit() {
    try {
      reads.readers().execute(connection, this);
    } catch (RejectedExecutionException e) {
      if (move(Phase.QUEUED, Phase.RUNNING)) {
        fail(EtcdStatus.TOO_MANY_REQUESTS);
      }
    }
  }

  @Override
  public void run() {
    if (!move(Phase.QUEUED, Phase.RUNNING)) {
      return;
    }
    try {
      send();
    } catch (FailureException e) {
      fail(EtcdStatus.of(e.failure()));
    } catch (RuntimeException e) {
      logger.error("a streamed range failed", e);
      fail(EtcdStatus.UNHEALTHY);
    }
  }

  private void send() throws FailureException {
    while (true) {
      synchronized (this) {
        moreWork = false;
      }
      if (client.isCancelled()) {
        done();
        return;
      }
      if (client.isReady()) {
        if (!reserve()) {
          return;
        }
        if (sendChunk()) {
          client.onCompleted();
          done();
          return;
        }
      } else if (pause()) {
        return;
      }
    }
  }

  /** Whether the transport's readiness will be told again. */
  private synchronized boolean pause() {
    if (moreWork) {
      return false;
    }
    phase = Phase.IDLE;
    awaitTaken();
    return true;
  }

  /** Gives the client the time that a chunk needs on a slow line. */
  @GuardedBy("this")
  private void awaitTaken() {
    if (!callEnded) {
      cutOff = reads.timer().schedule(this::cutOff, reads.patience(reserved), TimeUnit.NANOSECONDS);
    }
  }

  @GuardedBy("this")
  private void taken() {
    Future<?> pending = cutOff;
    if (pending != null) {
      pending.cancel(false);
      cutOff = null;
    }
  }

  private void cutOff() {
    if (move(Phase.IDLE, Phase.RUNNING)) {
      fail(EtcdStatus.TOO_MANY_REQUESTS);
    }
    caller.cutOff();
  }

  /**
   * Has the bytes of one chunk, or stands in line for them. Whoever stands in line holds none, so
   * that streams that grow side by side cannot block each other.
   */
  private boolean reserve() {
    ResponseBudget budget = reads.budget();
    if (reserved >= needed) {
      return true;
    }
    boolean free =
        reserved > 0
            ? budget.tryGrow(connection, reserved, needed - reserved)
            : budget.tryReserve(connection, needed);
    if (free) {
      reserved = needed;
      return true;
    }
    budget.change(connection, -reserved);
    reserved = 0;
    move(Phase.RUNNING, Phase.IN_LINE);
    if (!reads.budget().await(this)) {
      move(Phase.IN_LINE, Phase.RUNNING);
      fail(EtcdStatus.TOO_MANY_REQUESTS);
    } else if (hasEnded()) {
      onCallEnded();
    }
    return false;
  }

  private synchronized boolean hasEnded() {
    return callEnded;
  }

  /** Reads and sends the next chunk; whether it was the last. */
  private boolean sendChunk() throws FailureException {
    long limit = query.limit() > 0 ? query.limit() - sent : Long.MAX_VALUE;
    RangeQuery part = chunk(Math.min(chunkKeys, limit));
    // Only the first chunk counts, or each of them would walk to the end of the range.
    RangeResult chunk = first == null ? store.range(part) : store.page(part);
    RangeResult start = first == null ? chunk : first;
    first = start;
    List<KeyValue> keyValues = chunk.keyValues();
    long bytes = RangeMessage.size(keyValues);
    reads.budget().change(connection, bytes - reserved);
    reserved = bytes;
    sent += keyValues.size();
    boolean last = query.countOnly() || !chunk.more() || keyValues.size() == limit;
    if (last) {
      boolean more = !query.countOnly() && sent < start.count();
      client.onNext(
          RangeMessage.lastChunk(headers.at(start.revision()), keyValues, more, start.count()));
      return true;
    }
    client.onNext(RangeMessage.chunk(keyValues));
    next = KeyRange.successor(keyValues.getLast().key().bytes());
    if (bytes > aimBytes) {
      chunkKeys = Math.max(1, chunkKeys / 2);
    } else if (bytes < aimBytes / 2) {
      chunkKeys *= 2;
    }
    return false;
  }

  private RangeQuery chunk(long limit) {
    RangeResult start = first;
    long revision = start == null || query.revision() > 0 ? query.revision() : start.revision();
    return new RangeQuery(
        new KeyRange(next, query.range().end()),
        limit,
        revision,
        RangeQuery.Order.NONE,
        RangeQuery.Target.KEY,
        query.serializable() || start != null,
        query.keysOnly(),
        query.countOnly(),
        query.filter());
  }

  private void fail(EtcdStatus status) {
    client.onError(status.exception());
    done();
  }

  private void done() {
    synchronized (this) {
      phase = Phase.DONE;
      awaitTaken();
    }
    end();
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
      boolean resting = phase == Phase.IDLE || phase == Phase.DONE || phase == Phase.QUEUED;
      if (!callEnded || !resting) {
        return;
      }
      taken();
      phase = Phase.ENDED;
    }
    reads.budget().change(connection, -reserved);
    reserved = 0;
  }
}
