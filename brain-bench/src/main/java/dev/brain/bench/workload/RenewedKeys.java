// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.proto.etcdserverpb.KVGrpc;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Keys that are there and are updated in turn, each by a transaction that expects the revision of
 * the last update. Safe for all threads.
 */
final class RenewedKeys {
  private final Scene scene;
  private final KeySpace keys;

  /** By key, as far as known; another client may be ahead. */
  private final AtomicLongArray revisions;

  RenewedKeys(Scene scene, String name, int size) {
    this.scene = scene;
    this.keys = scene.sharedKeys(name, size);
    this.revisions = new AtomicLongArray(size);
  }

  KeySpace keys() {
    return keys;
  }

  int size() {
    return revisions.length();
  }

  /** Creates the keys that are missing and reads the revisions of all. */
  void prepare() throws InterruptedException {
    Dataset dataset = new Dataset(scene, keys, size());
    dataset.fill();
    long[] present = dataset.revisions();
    for (int i = 0; i < present.length; i++) {
      revisions.set(i, present[i]);
    }
  }

  /** Updates the key whose turn it is; the value is stamped with the time. */
  void renew(int client, long number, int series, Completion completion) {
    int place = (int) (number % size());
    long stamp = scene.clock().getAsLong();
    Call.start(
        scene.connections().of(client),
        KVGrpc.getTxnMethod(),
        Txns.update(keys.key(place), revisions.get(place), scene.values().stamped(number, stamp)),
        completion,
        answer -> {
          revisions.set(place, Txns.presentRevision(answer));
          if (answer.getSucceeded()) {
            completion.succeeded(series, 1);
          } else {
            completion.conflicted();
          }
        });
  }
}
