// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The state of everything, under one monitor: what stores replicate among each other and what PD
 * knows. Its parts may be touched only inside {@link #exclusively}.
 */
final class Cluster {
  static final long ID = 7;

  final int stores;
  final TimestampOracle oracle;
  final Rows rows;
  final Regions regions;
  final SafePoints safePoints = new SafePoints();
  final Reader reader;
  final Transactions transactions;
  final TransactionStatus status;

  Cluster(int stores, InstantSource clock) {
    this.stores = stores;
    this.oracle = new TimestampOracle(clock);
    this.rows = new Rows(oracle);
    this.regions = new Regions(stores);
    this.reader = new Reader(rows);
    this.transactions = new Transactions(rows);
    this.status = new TransactionStatus(rows);
  }

  synchronized <T> T exclusively(Supplier<T> work) {
    return work.get();
  }

  synchronized void exclusively(Runnable work) {
    work.run();
  }
}
