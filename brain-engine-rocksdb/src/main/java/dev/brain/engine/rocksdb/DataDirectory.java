// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import dev.brain.engine.EngineException.Corrupted;
import dev.brain.engine.EngineException.InvalidSettings;
import dev.brain.engine.EngineException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of data, claimed by this process. Opens the database in it, and only if nothing is
 * missing that was ever durable.
 *
 * <p>For one thread at a time, but for {@link #advance} and {@link #secure}.
 */
final class DataDirectory implements AutoCloseable {
  /*
   * What is in a directory
   * ----------------------
   *   lock        locked while an engine is open
   *   high-water  what must be found again (HighWater); its presence makes a directory Brain's
   *   rocksdb/    the database
   *
   * Why RocksDB is not believed
   * ---------------------------
   * A crash may leave the write-ahead log with a torn end, which is no damage as long as nobody was
   * told that it is durable. RocksDB cannot know what somebody was told. Its recovery modes either
   * refuse torn ends, or take every damage for one: a flipped bit drops the rest of the log without
   * a word, a log that is gone was never there, and so it is with the end of the manifest.
   *
   * So the log is recovered to the last point in time that is consistent, and then judged by what we
   * know ourselves. Each commit has a number and writes two rows (Ledger) in its own batch, and all
   * column families go into tables together (Tuning). Therefore:
   *
   *   1. newest == present, or a commit is missing in the middle: a log between two others, or a
   *      table that a cut manifest forgot.
   *   2. newest >= the commits of the high-water file, or the end is missing.
   *   3. The manifest begins as the high-water file says. This covers the tables that a start after
   *      a crash made of the log, whose entries in the manifest are not one atomic group.
   *   4. Tables are checked block by block, by RocksDB, whenever they are read, and their sizes and
   *      footers when they are opened.
   *
   * All this is looked at in a database opened for inspection, which changes nothing, because a
   * start for use rewrites the log and would destroy what can still be saved by hand.
   *
   * What it costs and what it leaves open
   * -------------------------------------
   * The high-water file is written after each durable commit and before its answer, but not synced
   * with it: that would be a second sync per commit. It is synced at most SYNC_MILLIS after, by the
   * engine's own thread. Hence:
   *
   *   - While the machine stays up, whatever happens to the process: a loss of any durable commit,
   *     by damage to any file but two at once, is refused at the next start.
   *   - After loss of power: the same for every commit that is older than the last sync of the
   *     high-water file. Of the commits of the last SYNC_MILLIS before, those at the very end of the
   *     log cannot be told from a torn end if the disk lost them although it had said that they were
   *     durable, or if the log is damaged right there.
   *   - Not covered: a directory that was emptied or replaced as a whole by an older copy of itself,
   *     and damage to the log or a table together with one to the high-water file.
   */

  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);

  static final String HIGH_WATER = "high-water";
  static final String ROCKSDB = "rocksdb";

  /** What a directory may hold that is still to become Brain's. */
  private static final Set<String> HARMLESS =
      Set.of(
          DirectoryClaim.FILE,
          HIGH_WATER + DurableFiles.UNFINISHED,
          ROCKSDB + DurableFiles.UNFINISHED,
          "lost+found");

  private static final String OVERRIDE =
      "; restore a backup, or go on without what is missing by accept-data-loss=true";

  private final Path directory;
  private final RocksSettings settings;
  private final DirectoryClaim claim;
  private @Nullable HighWater water;

  private DataDirectory(Path directory, RocksSettings settings, DirectoryClaim claim) {
    this.directory = directory;
    this.settings = settings;
    this.claim = claim;
  }

  static DataDirectory claim(Path directory, RocksSettings settings) {
    return new DataDirectory(
        directory, settings, DirectoryClaim.of(directory, settings.allowOpenPermissions()));
  }

  /**
   * Opens the database; the one opened before must be closed.
   *
   * @throws Corrupted if it is damaged or lacks something that was durable
   * @throws Unavailable if that cannot be told now
   */
  Database open() {
    try {
      HighWater known = water == null ? locate() : water;
      water = known;
      Path rocksdb = directory.resolve(ROCKSDB);
      String damage = known.manifest().contradiction(rocksdb);
      if (damage != null) {
        refuse(damage);
      }
      Ledger expected = inspect(rocksdb, known.commits());
      Database database = Database.open(rocksdb, settings, Database.Purpose.USE);
      try {
        accept(database, known, expected);
        return database;
      } catch (Throwable e) {
        database.close();
        throw e;
      }
    } catch (RocksDBException e) {
      throw Failures.of(directory, "open the database", e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Ledger inspect(Path rocksdb, long durable) throws RocksDBException {
    Ledger ledger = Ledger.inspect(rocksdb, settings);
    if (!ledger.isWhole()) {
      refuse(
          "holds "
              + ledger.present()
              + " commits up to commit "
              + ledger.newest()
              + " (expected: all of them)");
    }
    if (ledger.newest() < durable) {
      refuse(
          "ends with commit "
              + ledger.newest()
              + " (expected: at least commit "
              + durable
              + ", which was durable)");
    }
    return ledger;
  }

  /** Notes what was found, which the start for use has just made durable in tables. */
  private void accept(Database database, HighWater known, Ledger expected)
      throws IOException, RocksDBException {
    if (!Ledger.of(database.rocks()).equals(expected)) {
      throw new Corrupted(directory + ": the database changed between inspection and start", null);
    }
    if (!expected.isWhole()) {
      Ledger.declareWhole(database.rocks(), expected.newest());
    }
    known.reset(expected.newest(), ManifestMark.of(directory.resolve(ROCKSDB), ManifestMark.NONE));
    known.sync();
  }

  private void refuse(String damage) {
    if (!settings.acceptDataLoss()) {
      throw new Corrupted(directory + ": " + damage + OVERRIDE, null);
    }
    log.warn("{}: {}; going on without what is missing", directory, damage);
  }

  private HighWater locate() throws IOException, RocksDBException {
    Path path = directory.resolve(HIGH_WATER);
    Path rocksdb = directory.resolve(ROCKSDB);
    Path unfinished = directory.resolve(ROCKSDB + DurableFiles.UNFINISHED);
    if (Files.exists(path)) {
      HighWater found = openWater(path);
      if (Files.notExists(rocksdb)) {
        if (found.commits() != NewDirectory.FIRST || Files.notExists(unfinished)) {
          found.close();
          throw new Corrupted(rocksdb + ": missing (expected: the database)", null);
        }
        DurableFiles.rename(unfinished, rocksdb); // the last step of making it
      }
      return found;
    }
    if (Files.exists(rocksdb)) {
      refuse(HIGH_WATER + " is missing");
      return HighWater.create(path, 0);
    }
    requireNothingForeign();
    return NewDirectory.fill(directory, settings);
  }

  private HighWater openWater(Path path) throws IOException {
    HighWater found = HighWater.open(path);
    if (found != null) {
      return found;
    }
    refuse(HIGH_WATER + " is damaged");
    return HighWater.create(path, 0);
  }

  private void requireNothingForeign() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> !HARMLESS.contains(String.valueOf(file.getFileName())))
          .findFirst()
          .ifPresent(
              file -> {
                throw new InvalidSettings(
                    directory
                        + ": holds "
                        + file.getFileName()
                        + " (expected: an empty directory, or one that Brain made)",
                    null);
              });
    }
  }

  /** The number of the newest durable commit. */
  long commits() {
    return water().commits();
  }

  /** Notes that all commits up to a number are durable. Any thread. */
  void advance(long commits) {
    try {
      water().advance(commits);
    } catch (IOException e) {
      log.warn("{}: cannot note that commit {} is durable: {}", directory, commits, e.toString());
    }
  }

  /** Makes what was noted survive loss of power, with the present manifest. Any thread. */
  void secure() {
    try {
      HighWater known = water();
      known.advance(ManifestMark.of(directory.resolve(ROCKSDB), known.manifest()));
      known.sync();
    } catch (IOException e) {
      log.warn("{}: cannot note what is durable: {}", directory, e.toString());
    }
  }

  private HighWater water() {
    HighWater known = water;
    if (known == null) {
      throw new IllegalStateException("the directory is not open");
    }
    return known;
  }

  /** As {@link DurableFiles#takesWrites}. */
  boolean takesWrites(long bytes) {
    return DurableFiles.takesWrites(directory, bytes);
  }

  /** Writes a copy of the open database that is a directory of data of its own. */
  void copy(Database database, Path target) {
    NewDirectory.copy(database, target, settings);
  }

  /** The bytes of all files. */
  long size() {
    try {
      return DurableFiles.size(directory);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private EngineException unreadable(IOException failure) {
    String message = directory + ": cannot be read: " + failure;
    return failure instanceof NoSuchFileException
        ? new Corrupted(message, failure)
        : new Unavailable(message, failure);
  }

  @Override
  public void close() {
    try {
      if (water != null) {
        water.close();
      }
    } catch (IOException e) {
      log.warn("{}: cannot close the high-water file: {}", directory, e.toString());
    } finally {
      claim.close();
    }
  }
}
