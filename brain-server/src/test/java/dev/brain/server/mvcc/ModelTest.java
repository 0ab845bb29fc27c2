// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.memory.MemoryStorage;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The store answers what a plain model of etcd answers. {@code -Dbrain.seed=} repeats a run, {@code
 * -Dbrain.operations=} sets its length.
 */
final class ModelTest {
  private static final long OPERATIONS = Long.getLong("brain.operations", 1_000_000);

  private static final StoreConfig TINY_CACHE =
      new StoreConfig(1_000, 10_000, 256L << 20, 8L << 20);

  private static void run(StoreConfig config, int compactEvery, int restartEvery, long operations) {
    long seed = Long.getLong("brain.seed", new Random().nextLong());
    System.out.println("brain.seed=" + seed);
    MemoryStorage storage = new MemoryStorage();
    try (ModelRun run = new ModelRun(seed, storage::open, config, compactEvery, restartEvery)) {
      run.run(operations);
    }
  }

  @Test
  void randomRequests_longHistory() {
    run(StoreConfig.DEFAULT, 2_000, 50_000, OPERATIONS / 2);
  }

  @Test
  void randomRequests_manyCompactionsAndRestarts_tinyCache() {
    run(TINY_CACHE, 100, 1_000, OPERATIONS / 2);
  }
}
