// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineOption;
import dev.brain.engine.EngineSettings;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/**
 * Opens the embedded RocksDB engine. Thread-safe.
 *
 * <p>The native library is taken from {@code java.library.path} if it is there; otherwise it is
 * unpacked into {@code java.io.tmpdir}, loaded, and deleted at once.
 */
public final class RocksEngineFactory implements EngineFactory {
  private final Journal journal;

  public RocksEngineFactory() {
    this(RocksDB::write);
  }

  /** With another way to write a batch, for tests of what happens when writing fails. */
  RocksEngineFactory(Journal journal) {
    this.journal = journal;
  }

  @Override
  public String name() {
    return "rocksdb";
  }

  @Override
  public List<EngineOption> options() {
    return RocksSettings.OPTIONS;
  }

  @Override
  public Engine open(EngineSettings settings) {
    RocksSettings parsed = RocksSettings.parse(settings.options());
    NativeLibrary.load();
    DataDirectory directory = DataDirectory.claim(settings.directory(), parsed);
    try {
      return new RocksEngine(directory, directory.open(), journal, guardian());
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  /** The one thread of an engine that is not RocksDB's own or a caller's. */
  private static ScheduledExecutorService guardian() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("rocksdb-high-water").factory());
  }

  /** How a native batch is written. */
  @FunctionalInterface
  interface Journal {
    void write(RocksDB database, WriteOptions options, org.rocksdb.WriteBatch batch)
        throws org.rocksdb.RocksDBException;
  }
}
