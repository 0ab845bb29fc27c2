// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.Txns;
import java.util.Random;

/**
 * One write of the load: it puts a value that no other write has under {@code key}, and may delete
 * {@code deleted} in the same txn.
 *
 * @param deleted empty when nothing is deleted
 */
record Write(String key, String value, String deleted) {
  private static final int KEYS = 40;

  /** A random write with a value that is unique by {@code id}. */
  static Write random(Random random, String id) {
    String key = "key/" + random.nextInt(KEYS);
    boolean deletes = random.nextInt(5) == 0;
    return new Write(
        deletes ? "mark/" + random.nextInt(KEYS) : key,
        id + "/" + "x".repeat(random.nextInt(400)),
        deletes ? key : "");
  }

  /** The request. */
  Call<?, ?> call() {
    return deleted.isEmpty()
        ? Requests.put(key, value)
        : Requests.txn(Txns.then(Txns.put(key, value), Txns.delete(deleted, "")));
  }
}
