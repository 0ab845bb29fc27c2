// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.TxnResponse;
import java.util.List;

/**
 * Updates existing keys, in the transaction by which kube-apiserver updates an object. Each client
 * has keys of its own and takes them in turn, so that no compare fails but after a failed call,
 * which leaves the client with an old revision.
 */
final class UpdateWorkload implements Workload {
  private final Scene scene;
  private final String name;
  private final int size;
  private final KeySpace keys;

  /** How often each client has updated; touched by that client alone. */
  private final long[] turns;

  /** By key; each is touched by the client that has the key. */
  private long[] revisions = {};

  UpdateWorkload(Scene scene, String name, int size) {
    if (size < scene.clients()) {
      throw new WorkloadException(
          "keys to "
              + name
              + ": "
              + size
              + " (expected: at least one per client of "
              + scene.clients()
              + ")");
    }
    this.scene = scene;
    this.name = name;
    this.size = size;
    this.keys = scene.sharedKeys(name, size);
    this.turns = new long[scene.clients()];
  }

  @Override
  public List<Series> series() {
    return List.of(Series.of(name));
  }

  @Override
  public void prepare(EventSink events) throws InterruptedException {
    Dataset dataset = new Dataset(scene, keys, size);
    dataset.fill();
    revisions = dataset.revisions();
  }

  @Override
  public void start(int client, long index, Completion completion) {
    int clients = scene.clients();
    int owned = (size - client + clients - 1) / clients;
    int key = client + clients * (int) (turns[client]++ % owned);
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.update(keys.key(key), revisions[key], scene.values().value(index)),
        completion,
        answer -> answered(key, answer, completion));
  }

  private void answered(int key, TxnResponse answer, Completion completion) {
    revisions[key] = Txns.presentRevision(answer);
    if (answer.getSucceeded()) {
      completion.succeeded(0, 1);
    } else {
      completion.conflicted();
    }
  }
}
