// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.Space;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.HyperClockCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is set up: the options of a database and of each of its column families. They are
 * native objects and must be closed after the database that was opened with them.
 */
final class Tuning implements AutoCloseable {
  /*
   * Memory: one cache holds blocks, indexes, filters and, charged to it, the memtables; so the two
   * sizes of the settings add up to one bound, and memory that no memtable uses serves reads.
   *
   * Atomic flush: all column families go into tables together. Each write-ahead log then begins
   * where the tables of every column family end, idle column families hold back no old log, and
   * whatever is lost is lost for the ledger too (see DataDirectory).
   *
   * One thread writes at a time, so everything that serves concurrent writers is off; above all the
   * adaptive yield, which spins.
   */

  /** Old write-ahead logs kept for reuse: writing over old blocks makes each sync cheaper. */
  private static final int RECYCLED_LOGS = 2;

  /**
   * Range deletes that memtables hold before they go into tables. The first read after a range
   * delete sorts out all of them, in a time that grows with their square if they are nested, as
   * those are that cut the start of the log.
   */
  private static final int RANGE_DELETIONS = 64;

  /** How much of a memtable its filter may take: about 10 bits for a row of 600 bytes. */
  private static final double MEMTABLE_FILTER = 0.005;

  /** Heads are read one by one more than the rest: half as much to read and decompress for each. */
  private static final int HEAD_BLOCK_BYTES = 8 << 10;

  private static final long KIBIBYTE = 1 << 10;
  private static final long MEBIBYTE = 1 << 20;

  private final List<AutoCloseable> owned = new ArrayList<>();
  private final DBOptions database;
  private final List<ColumnFamilyDescriptor> families = new ArrayList<>();

  Tuning(RocksSettings settings) {
    long buffer = settings.writeBufferBytes();
    Cache cache =
        own(
            new HyperClockCache(
                settings.blockCacheBytes() + buffer,
                /* estimatedEntryCharge= */ 0,
                /* numShardBits= */ 4,
                /* strictCapacityLimit= */ false));
    WriteBufferManager buffers = own(new WriteBufferManager(buffer, cache));
    database =
        own(new DBOptions())
            .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
            .setAtomicFlush(true)
            .setWriteBufferManager(buffers)
            .setMaxTotalWalSize(2 * buffer)
            .setRecycleLogFileNum(RECYCLED_LOGS)
            .setMaxBackgroundJobs(settings.backgroundJobs())
            .setAllowConcurrentMemtableWrite(false)
            .setEnableWriteThreadAdaptiveYield(false)
            .setAvoidUnnecessaryBlockingIO(true)
            // Written out bit by bit, so that the sync of a big table does not hold up that of a
            // commit.
            .setBytesPerSync(MEBIBYTE)
            .setMaxManifestFileSize(MEBIBYTE)
            .setMaxLogFileSize(4 * MEBIBYTE)
            .setKeepLogFileNum(4)
            .setStatsDumpPeriodSec(0)
            .setStatsPersistPeriodSec(0);
    BloomFilter filter = own(new BloomFilter(10));

    families.add(family(RocksDB.DEFAULT_COLUMN_FAMILY, options(cache, buffer)));
    for (Space space : Space.values()) {
      ColumnFamilyOptions options = options(cache, buffer);
      switch (space) {
        // Every create looks for a key that is not there: filters answer that, in memtables too.
        case HEAD ->
            options
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER)
                .setMemtableWholeKeyFiltering(true)
                .setTableFormatConfig(
                    table(cache)
                        .setBlockSize(HEAD_BLOCK_BYTES)
                        .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                        .setFilterPolicy(filter));
        case HISTORY, LOG -> {}
        case META -> options.setCompressionType(CompressionType.NO_COMPRESSION);
      }
      families.add(family(familyName(space), options));
    }
  }

  private ColumnFamilyOptions options(Cache cache, long buffer) {
    return own(new ColumnFamilyOptions())
        .setMergeOperatorName("uint64add")
        .setWriteBufferSize(buffer)
        .setArenaBlockSize(Math.min(256 * KIBIBYTE, buffer / 16))
        .setMemtableMaxRangeDeletions(RANGE_DELETIONS)
        .setTargetFileSizeBase(32 * MEBIBYTE)
        // A slower compression took 7 % of the processor time of a server that only creates keys.
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(table(cache));
  }

  private static BlockBasedTableConfig table(Cache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(16 * KIBIBYTE)
        .setCacheIndexAndFilterBlocks(true)
        .setPinL0FilterAndIndexBlocksInCache(true);
  }

  private static ColumnFamilyDescriptor family(byte[] name, ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name, options);
  }

  private <T extends AutoCloseable> T own(T object) {
    owned.add(object);
    return object;
  }

  DBOptions database() {
    return database;
  }

  /** The column families: that of the engine's own rows, then the spaces in their order. */
  List<ColumnFamilyDescriptor> families() {
    return families;
  }

  /** The name of the column family of a space. */
  static byte[] familyName(Space space) {
    return new byte[] {space.id()};
  }

  @Override
  public void close() {
    for (AutoCloseable object : owned.reversed()) {
      try {
        object.close();
      } catch (Exception e) {
        throw new IllegalStateException(e); // RocksDB's objects declare none
      }
    }
  }
}
