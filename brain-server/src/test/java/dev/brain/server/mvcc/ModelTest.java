// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.memory.MemoryStorage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store answers what a plain model of etcd answers. {@code -Dbrain.seed=} repeats a run, {@code
 * -Dbrain.operations=} sets its length.
 */
final class ModelTest {
  private static final long OPERATIONS = Long.getLong("brain.operations", 1_000_000);

  private static final EngineFactory ROCKSDB =
      ServiceLoader.load(EngineFactory.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(factory -> factory.name().equals("rocksdb"))
          .findFirst()
          .orElseThrow();

  private static final StoreConfig TINY_CACHE =
      new StoreConfig(1_000, 10_000, 256L << 20, 8L << 20, new CountBounds(1_000, 2, 3, 4, 3, 10));

  private static final StoreConfig SMALL_PARTITIONS =
      new StoreConfig(
          64L << 20, 10_000, 256L << 20, 8L << 20, new CountBounds(1 << 20, 1, 8, 4, 16, 1_000));

  private static void run(
      Supplier<Engine> engines,
      StoreConfig config,
      int compactEvery,
      int restartEvery,
      long operations) {
    long seed = Long.getLong("brain.seed", new Random().nextLong());
    System.out.println("brain.seed=" + seed);
    try (ModelRun run = new ModelRun(seed, engines, config, compactEvery, restartEvery)) {
      run.run(operations);
    }
  }

  @Test
  void randomRequests_longHistory() {
    run(new MemoryStorage()::open, SMALL_PARTITIONS, 2_000, 50_000, OPERATIONS / 2);
  }

  @Test
  void randomRequests_manyCompactionsAndRestarts_tinyCache() {
    run(new MemoryStorage()::open, TINY_CACHE, 100, 1_000, OPERATIONS / 2);
  }

  @Test
  void randomRequests_onRocksDb(@TempDir Path directory) {
    EngineSettings settings = new EngineSettings(directory.resolve("data"), Map.of());
    run(() -> ROCKSDB.open(settings), TINY_CACHE, 100, 2_000, OPERATIONS / 50);
  }
}
