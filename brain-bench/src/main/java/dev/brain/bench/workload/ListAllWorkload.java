// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.bench.wire.Methods;
import dev.brain.proto.etcdserverpb.RangeRequest;
import java.util.List;

/** Lists all keys in one answer, as kube-apiserver does to fill its watch cache; or counts them. */
final class ListAllWorkload implements Workload {
  private final Scene scene;
  private final boolean countOnly;
  private final int size;
  private final KeySpace keys;

  ListAllWorkload(Scene scene, boolean countOnly) {
    this.scene = scene;
    this.countOnly = countOnly;
    this.size = scene.shape().keys();
    this.keys = scene.sharedKeys("keys", size);
  }

  @Override
  public List<Series> series() {
    return List.of(countOnly ? Series.of("count", "keys") : Series.of("list", "keys"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    new Dataset(scene, keys, size).fill();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(keys.start())
            .setRangeEnd(keys.end())
            .setCountOnly(countOnly)
            .build();
    Call.start(
        scene.connections().of(client),
        Methods.RANGE,
        request,
        completion,
        answer -> {
          int expected = countOnly ? 0 : size;
          if (answer.keys() != expected || answer.count() != size) {
            completion.failed(
                "keys and count: %d and %d (expected: %d and %d)"
                    .formatted(answer.keys(), answer.count(), expected, size));
          } else {
            completion.succeeded(0, size);
          }
        });
  }
}
