// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.List;

/** Creates keys that do not exist, in the transaction by which kube-apiserver creates an object. */
final class InsertWorkload implements Workload {
  private final Scene scene;
  private final KeySpace keys;

  InsertWorkload(Scene scene) {
    this.scene = scene;
    this.keys = scene.ownKeys("insert");
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("insert"));
  }

  @Override
  public void prepare(EventSink events) {}

  @Override
  public void start(int client, long index, Completion completion) {
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.create(keys.key(index), scene.values().value(index)),
        completion,
        answer -> {
          if (answer.getSucceeded()) {
            completion.succeeded(0, 1);
          } else {
            completion.conflicted();
          }
        });
  }
}
