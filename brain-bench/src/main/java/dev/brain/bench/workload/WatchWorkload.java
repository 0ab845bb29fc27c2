// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.bench.wire.Methods;
import dev.brain.bench.wire.WatchTally;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchRequest;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Creates keys while watchers, each with a stream of its own, see all of them. Every value begins
 * with the time at which it was sent, so an event tells how long it took from there to the watcher.
 */
final class WatchWorkload implements Workload {
  private static final int INSERT = 0;
  private static final int EVENT = 1;

  private final Scene scene;
  private final KeySpace keys;
  private final List<Watcher> watchers = new ArrayList<>();
  private final CountDownLatch open;

  /** Creations that were answered well, and those whose outcome is unknown. */
  private final AtomicLong created = new AtomicLong();

  private final AtomicLong uncertain = new AtomicLong();

  WatchWorkload(Scene scene) {
    this.scene = scene;
    this.keys = scene.ownKeys("watch");
    this.open = new CountDownLatch(scene.shape().watchers());
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("insert"), Series.events("event", "events"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    WatchRequest request =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(keys.start()).setRangeEnd(keys.end()))
            .build();
    for (int i = 0; i < scene.shape().watchers(); i++) {
      Watcher watcher = new Watcher(events);
      watchers.add(watcher);
      watcher.requests =
          ClientCalls.asyncBidiStreamingCall(
              scene.connections().of(i).newCall(Methods.WATCH, CallOptions.DEFAULT), watcher);
      watcher.requests.onNext(request);
    }
    boolean all = open.await(scene.timeout().toNanos(), TimeUnit.NANOSECONDS);
    for (Watcher watcher : watchers) {
      if (watcher.failure != null) {
        throw new WorkloadException("A watch cannot be opened: " + watcher.failure);
      }
    }
    if (!all) {
      throw new WorkloadException(
          "watches not opened within %s: %d".formatted(scene.timeout(), open.getCount()));
    }
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(keys.key(index), scene.values().stamped(index, scene.clock().getAsLong())),
        new Creation(completion),
        answer -> {
          if (answer.getSucceeded()) {
            created.incrementAndGet();
            completion.succeeded(INSERT, 1);
          } else {
            completion.conflicted();
          }
        });
  }

  /** Waits until every watcher has seen every created key, as long as any makes progress. */
  @Override
  public List<String> finish() throws InterruptedException {
    List<String> faults = new ArrayList<>();
    long least = created.get();
    for (int i = 0; i < watchers.size(); i++) {
      Watcher watcher = watchers.get(i);
      boolean complete = watcher.awaitEvents(least, scene.timeout().toNanos());
      long seen = watcher.seen();
      if (watcher.failure != null) {
        faults.add("watcher %d was ended after %d events: %s".formatted(i, seen, watcher.failure));
      } else if (!complete) {
        faults.add("watcher %d got %d events (expected: %d)".formatted(i, seen, least));
      } else if (seen > least + uncertain.get()) {
        faults.add("watcher %d got %d events (expected: %d)".formatted(i, seen, least));
      }
    }
    return faults;
  }

  @Override
  public void close() {
    for (Watcher watcher : watchers) {
      if (watcher.requests != null && watcher.failure == null) {
        watcher.requests.onCompleted();
      }
    }
  }

  /** Passes an outcome on, and remembers that it is unknown. */
  private final class Creation implements Completion {
    private final Completion completion;

    Creation(Completion completion) {
      this.completion = completion;
    }

    @Override
    public void succeeded(int series, long units) {
      completion.succeeded(series, units);
    }

    @Override
    public void conflicted() {
      completion.conflicted();
    }

    @Override
    public void failed(String error) {
      uncertain.incrementAndGet();
      completion.failed(error);
    }
  }

  /** One watch on a stream of its own. */
  private final class Watcher implements StreamObserver<WatchTally> {
    private final EventSink events;
    private @Nullable StreamObserver<WatchRequest> requests;
    private volatile @Nullable String failure;

    /** Guarded by this. */
    private long seen;

    Watcher(EventSink events) {
      this.events = events;
    }

    synchronized long seen() {
      return seen;
    }

    /** Waits for a number of events; gives up when none has come for a while. */
    synchronized boolean awaitEvents(long number, long patienceNanos) throws InterruptedException {
      long before = seen;
      long patience = patienceNanos;
      long since = scene.clock().getAsLong();
      while (seen < number && failure == null && patience > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, patience);
        long now = scene.clock().getAsLong();
        if (seen > before) {
          before = seen;
          since = now;
        }
        patience = patienceNanos - (now - since);
      }
      return seen >= number;
    }

    @Override
    public void onNext(WatchTally response) {
      if (response.canceled()) {
        end("canceled by the server: " + response.reason());
        return;
      }
      if (response.created()) {
        open.countDown();
      }
      for (long stamp : response.stamps()) {
        events.arrived(EVENT, stamp);
      }
      synchronized (this) {
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

    private void end(String reason) {
      synchronized (this) {
        if (failure == null) {
          failure = reason;
        }
        notifyAll();
      }
      open.countDown();
    }
  }
}
