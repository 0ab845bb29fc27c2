// SPDX-License-Identifier: Apache-2.0

/**
 * The embedded engine: one RocksDB database in a directory of its own, with a column family for
 * each {@linkplain dev.brain.engine.Space space}.
 *
 * <p>Who holds what, outermost first: {@link dev.brain.engine.rocksdb.RocksEngine} decides and
 * orders; a {@link dev.brain.engine.rocksdb.DataDirectory} is claimed for as long as the engine
 * lives and opens a {@link dev.brain.engine.rocksdb.Database} each time one is needed; {@link
 * dev.brain.engine.rocksdb.HighWater} remembers outside of RocksDB what must be found again.
 */
@NullMarked
package dev.brain.engine.rocksdb;

import org.jspecify.annotations.NullMarked;
