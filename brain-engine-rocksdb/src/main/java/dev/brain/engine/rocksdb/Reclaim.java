// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Space;
import java.util.HashSet;
import java.util.Set;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDBException;

/** Rewrites the tables of a database without what is deleted; can be stopped by another thread. */
final class Reclaim {
  private final Database database;
  private final Set<CompactRangeOptions> running = new HashSet<>(); // guarded by itself

  Reclaim(Database database) {
    this.database = database;
  }

  /** Compacts all spaces, which takes as long as reading and writing them. */
  void run() throws RocksDBException {
    try (CompactRangeOptions options =
        new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
      synchronized (running) {
        running.add(options);
      }
      try {
        for (Space space : Space.values()) {
          database.rocks().compactRange(database.handle(space), null, null, options);
        }
      } finally {
        synchronized (running) {
          running.remove(options);
        }
      }
    }
  }

  /** Makes the runs that are under way end soon, with an exception. */
  void stop() {
    synchronized (running) {
      running.forEach(options -> options.setCanceled(true));
    }
  }
}
