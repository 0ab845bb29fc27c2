// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.protobuf.ByteString;
import dev.brain.bench.wire.Methods;
import dev.brain.bench.wire.WatchTally;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One watch on a stream of its own, which counts what it sees. Safe for all threads. */
public final class WatchStream implements StreamObserver<WatchTally>, AutoCloseable {
  private final Scene scene;
  private final LongConsumer stamps;
  private final StreamObserver<WatchRequest> requests;

  // The rest is guarded by this.
  private boolean open;
  private long seen;
  private @Nullable String failure;

  /**
   * Opens a watch on the keys from {@code start} to before {@code end}; it is not there yet.
   *
   * @param connection as the number of a client
   * @param stamps takes the stamp of each value that has one, by the thread that brings it
   */
  @SuppressWarnings("this-escape") // nothing arrives before the request, which is the last step
  public WatchStream(
      Scene scene, int connection, ByteString start, ByteString end, LongConsumer stamps) {
    this.scene = scene;
    this.stamps = stamps;
    this.requests =
        ClientCalls.asyncBidiStreamingCall(
            scene.connections().of(connection).newCall(Methods.WATCH, CallOptions.DEFAULT), this);
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(start).setRangeEnd(end))
            .build());
  }

  /**
   * Waits until the watch is there.
   *
   * @throws WorkloadException if it does not come to be
   */
  public synchronized void awaitOpen() throws InterruptedException {
    long deadline = scene.clock().getAsLong() + scene.timeout().toNanos();
    while (!open && failure == null && deadline - scene.clock().getAsLong() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - scene.clock().getAsLong());
    }
    if (failure != null) {
      throw new WorkloadException("A watch cannot be opened: " + failure);
    }
    if (!open) {
      throw new WorkloadException("A watch was not opened within " + scene.timeout());
    }
  }

  /**
   * Waits for a number of events; gives up when none has come for a while.
   *
   * @param least how many there must be
   * @param most how many there may be
   * @return what went wrong, or nothing
   */
  public synchronized List<String> awaitEvents(long least, long most) throws InterruptedException {
    long before = seen;
    long since = scene.clock().getAsLong();
    while (seen < least && failure == null) {
      long left = since + scene.timeout().toNanos() - scene.clock().getAsLong();
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
      if (seen > before) {
        before = seen;
        since = scene.clock().getAsLong();
      }
    }
    if (failure != null) {
      return List.of("was ended after %d events: %s".formatted(seen, failure));
    }
    if (seen < least || seen > most) {
      return List.of("got %d events (expected: %d)".formatted(seen, least));
    }
    return List.of();
  }

  @Override
  public void onNext(WatchTally response) {
    for (long stamp : response.stamps()) {
      if (stamp != 0) {
        stamps.accept(stamp);
      }
    }
    synchronized (this) {
      if (response.canceled()) {
        failure = "canceled by the server: " + response.reason();
      }
      open |= response.created();
      seen += response.stamps().length;
      notifyAll();
    }
  }

  @Override
  public void onError(Throwable error) {
    end(Call.error(error));
  }

  @Override
  public void onCompleted() {
    end("the stream was ended by the server");
  }

  private synchronized void end(String reason) {
    if (failure == null) {
      failure = reason;
    }
    notifyAll();
  }

  /** Ends the watch. */
  @Override
  public synchronized void close() {
    if (failure == null) {
      requests.onCompleted();
    }
  }
}
