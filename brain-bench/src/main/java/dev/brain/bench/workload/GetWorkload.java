// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.bench.wire.Methods;
import dev.brain.proto.etcdserverpb.RangeRequest;
import java.util.List;

/** Reads single keys, chosen at random among those that exist; linearizable. */
final class GetWorkload implements Workload {
  private final Scene scene;
  private final int size;
  private final KeySpace keys;

  GetWorkload(Scene scene) {
    this.scene = scene;
    this.size = scene.shape().keys();
    this.keys = scene.sharedKeys("keys", size);
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("get"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    new Dataset(scene, keys, size).fill();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    read(client, index, 0, completion);
  }

  /** Reads a key and completes in a series. */
  void read(int client, long index, int series, Completion completion) {
    Call.start(
        scene.connections().of(client),
        Methods.RANGE,
        RangeRequest.newBuilder().setKey(keys.key(Spread.choose(index, size))).build(),
        completion,
        answer -> {
          if (answer.keys() == 1) {
            completion.succeeded(series, 1);
          } else {
            completion.failed("keys of a get: " + answer.keys() + " (expected: 1)");
          }
        });
  }
}
