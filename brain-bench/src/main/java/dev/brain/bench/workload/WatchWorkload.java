// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Creates keys while watchers, each with a stream of its own, see all of them. Every value begins
 * with the time at which it was sent, so an event tells how long it took from there to the watcher.
 */
final class WatchWorkload implements Workload {
  private static final int INSERT = 0;
  private static final int EVENT = 1;

  private final Scene scene;
  private final KeySpace keys;
  private final List<WatchStream> watchers = new ArrayList<>();

  /** Creations that were answered well, and those whose outcome is unknown. */
  private final AtomicLong created = new AtomicLong();

  private final AtomicLong uncertain = new AtomicLong();

  WatchWorkload(Scene scene) {
    this.scene = scene;
    this.keys = scene.ownKeys("watch");
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("insert"), Series.events("event", "events"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    for (int i = 0; i < scene.shape().watchers(); i++) {
      watchers.add(
          new WatchStream(
              scene, i, keys.start(), keys.end(), stamp -> events.arrived(EVENT, stamp)));
    }
    for (WatchStream watcher : watchers) {
      watcher.awaitOpen();
    }
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(keys.key(index), scene.values().stamped(index, scene.clock().getAsLong())),
        new Uncertain(completion, uncertain),
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
      for (String fault : watchers.get(i).awaitEvents(least, least + uncertain.get())) {
        faults.add("watcher " + i + " " + fault);
      }
    }
    return faults;
  }

  @Override
  public void close() {
    watchers.forEach(WatchStream::close);
  }
}
