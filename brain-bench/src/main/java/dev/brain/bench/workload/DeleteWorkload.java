// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.List;

/** Deletes existing keys, in the transaction by which kube-apiserver deletes an object. */
final class DeleteWorkload implements Workload {
  private final Scene scene;
  private final KeySpace keys;
  private final int size;
  private long[] revisions = {};

  DeleteWorkload(Scene scene) {
    this.scene = scene;
    this.keys = scene.ownKeys("delete");
    this.size = scene.shape().keys();
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of("delete"));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    Dataset dataset = new Dataset(scene, keys, size);
    dataset.fill();
    revisions = dataset.revisions();
  }

  /** As many as there are keys. */
  @Override
  public long limit() {
    return size;
  }

  @Override
  public void start(int client, long index, Completion completion) {
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.delete(keys.key(index), revisions[(int) index]),
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
