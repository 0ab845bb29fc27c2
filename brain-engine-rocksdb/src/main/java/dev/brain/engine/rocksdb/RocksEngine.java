// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Durability;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.Usage;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.rocksdb.RocksEngineFactory.Journal;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded engine. */
final class RocksEngine implements Engine {
  /*
   * Two locks, taken in this order:
   *
   *   commits  One thread at a time decides conditions and writes, so nothing changes between the
   *            two. RocksDB could group the writes of many threads, but the one committer of the
   *            server groups better, before it comes here.
   *   gate     Shared by everyone who uses the database, exclusive for those who replace or end it,
   *            so native memory is never used after it was freed. Snapshots and cursors outlive the
   *            calls that made them and have a tenure of their own, which ends first.
   *
   * A write that fails is in doubt: RocksDB does not show it, but its bytes may be in the log, and
   * the next start would bring it back. After a sync that failed they may even be read back from
   * memory and not be on the disk. So the engine
   *
   *   1. answers Unknown and takes no more commits, for they would be decided on a state that is not
   *      known; reads go on and do not see it;
   *   2. when asked to settle, closes the database and opens it anew. A start for use writes what it
   *      finds in the log into new, synced tables and leaves the log behind: from then on the commit
   *      is there for good or gone for good, and the number of the newest commit tells which;
   *   3. as long as the disk takes no writes, does not even close: a start would fail, and with it
   *      the reads. It answers STILL_UNKNOWN and can be asked again, as after a start that failed.
   */

  private static final Logger log = LoggerFactory.getLogger(RocksEngine.class);

  private static final CommitOutcome COMMITTED = new CommitOutcome.Committed();

  /** How long settling waits for a reader that is inside the database. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long after a durable commit the high-water file is synced, at most. */
  private static final long SYNC_MILLIS = 20;

  private final DataDirectory directory;
  private final Journal journal;
  private final ScheduledExecutorService guardian;
  private final AtomicBoolean syncDue = new AtomicBoolean();
  private final WriteOptions synced;
  private final WriteOptions buffered = new WriteOptions();

  private final ReentrantLock commits = new ReentrantLock();
  private long newest; // guarded by commits
  private @Nullable Doubt doubt; // guarded by commits

  private final StampedLock gate = new StampedLock();
  private @Nullable Database database; // guarded by gate; null while it cannot be opened
  private volatile boolean closed;

  /** Takes over the directory, its open database, and the executor, all of which it closes. */
  RocksEngine(
      DataDirectory directory,
      Database database,
      Journal journal,
      ScheduledExecutorService guardian) {
    this.directory = directory;
    this.database = database;
    this.journal = journal;
    this.guardian = guardian;
    synced = new WriteOptions().setSync(true);
    newest = directory.commits();
  }

  /** The open database, for who is inside the gate. */
  private Database open() {
    if (closed) {
      throw new EngineException.Closed("the engine is closed");
    }
    Database opened = database;
    if (opened == null) {
      throw new EngineException.Unavailable(
          "the storage could not be opened anew after a failed write", null);
    }
    return opened;
  }

  @Override
  public Snapshot snapshot() {
    long stamp = gate.readLock();
    try {
      return open().snapshot();
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    long stamp = gate.readLock();
    try {
      return open().get(space, key);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    commits.lock();
    try {
      long stamp = gate.readLock();
      try {
        return decide(open(), batch);
      } finally {
        gate.unlockRead(stamp);
      }
    } finally {
      commits.unlock();
    }
  }

  private CommitOutcome decide(Database opened, WriteBatch batch) {
    if (doubt != null) {
      throw new EngineException.Unavailable(
          "commit " + (newest + 1) + " has an unknown outcome that is not settled yet", null);
    }
    for (Condition condition : batch.conditions()) {
      byte[] current = opened.get(condition.space(), condition.key());
      if (!condition.holds(current)) {
        return new CommitOutcome.ConditionFailed(condition, current);
      }
    }
    return batch.operations().isEmpty() ? COMMITTED : write(opened, batch);
  }

  private CommitOutcome write(Database opened, WriteBatch batch) {
    boolean sync = batch.durability() == Durability.SYNCED;
    long number = newest + 1;
    try (org.rocksdb.WriteBatch prepared = new BatchWriter(opened).write(batch)) {
      Ledger.enter(prepared, number);
      Doubt pending = new Doubt(number);
      doubt = pending;
      try {
        journal.write(opened.rocks(), sync ? synced : buffered, prepared);
      } catch (RocksDBException | RuntimeException e) {
        log.warn("commit {} has an unknown outcome: {}", number, e.toString());
        return new CommitOutcome.Unknown(pending, e);
      }
      doubt = null;
    } catch (RocksDBException e) {
      throw opened.failure("prepare a commit", e);
    }
    newest = number;
    if (sync) {
      directory.advance(number);
      if (syncDue.compareAndSet(false, true)) {
        // It answers for its failures itself.
        Future<?> _ = guardian.schedule(this::secure, SYNC_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
    return COMMITTED;
  }

  /** Run by the guardian after commits. */
  private void secure() {
    syncDue.set(false); // before, so that a commit from now on asks for another run
    long stamp = gate.tryReadLock();
    if (stamp == 0) {
      return; // those who open or close the database do this themselves
    }
    try {
      if (database != null) {
        directory.secure();
      }
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public Fate settle(CommitOutcome.Unknown unknown) {
    commits.lock();
    try {
      if (closed) {
        throw new EngineException.Closed("the engine is closed");
      }
      if (!(unknown.token() instanceof Doubt asked)) {
        throw new IllegalArgumentException("an outcome of another engine");
      }
      if (asked.fate() == Fate.STILL_UNKNOWN) {
        if (asked != doubt) {
          throw new IllegalArgumentException("an outcome of another engine");
        }
        if (reopen()) {
          asked.end(newest);
          doubt = null;
          log.info("the outcome that was unknown is {}", asked.fate());
        }
      }
      return asked.fate();
    } finally {
      commits.unlock();
    }
  }

  /** Closes the database and opens it anew, or returns false if that cannot be done now. */
  private boolean reopen() {
    Database old = database; // changes only under both locks, and this thread has one of them
    if (old != null) {
      if (!directory.takesWrites(old.unwrittenBytes())) {
        return false;
      }
      old.reclaim().stop();
    }
    long stamp = enterAlone();
    if (stamp == 0) {
      return false;
    }
    try {
      if (old != null) {
        if (!old.endSnapshots(Tenure.End.REOPENED, PATIENCE_NANOS)) {
          return false;
        }
        database = null;
        old.close();
      }
      database = directory.open();
      newest = directory.commits();
      return true;
    } catch (EngineException.Unavailable e) {
      log.warn("the storage cannot be opened anew yet: {}", e.getMessage());
      return false;
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  private long enterAlone() {
    try {
      return gate.tryWriteLock(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  @Override
  public List<byte[]> splits(Space space, KeyRange range, int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("parts: " + parts + " (expected: 1 or more)");
    }
    long stamp = gate.readLock();
    try {
      return Splits.of(open(), space, range, parts);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public Usage usage() {
    long stamp = gate.readLock();
    try {
      Database opened = open();
      long total = directory.size();
      return new Usage(total, Math.min(total, opened.liveTableBytes() + opened.unwrittenBytes()));
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public void reclaim() {
    long stamp = gate.readLock();
    try {
      Database opened = open();
      try {
        opened.reclaim().run();
      } catch (RocksDBException e) {
        open(); // closing stops a run, which then says so in other words
        throw opened.failure("reclaim", e);
      }
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public void checkpoint(Path target) {
    long stamp = gate.readLock();
    try {
      Database opened = open();
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new IllegalArgumentException(target + ": exists (expected: a new directory)");
      }
      directory.copy(opened, target);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public void close() {
    commits.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Database last = database;
      if (last != null) {
        last.reclaim().stop();
      }
      long stamp = gate.writeLock();
      try {
        database = null;
        if (last != null) {
          end(last);
        }
      } finally {
        gate.unlockWrite(stamp);
      }
      guardian.shutdown();
      synced.close();
      buffered.close();
      directory.close();
    } finally {
      commits.unlock();
    }
  }

  private void end(Database last) {
    last.endSnapshots(Tenure.End.CLOSED);
    if (doubt == null) {
      try {
        last.flush();
        directory.advance(newest); // with what was only buffered until now
      } catch (RocksDBException e) {
        log.warn("closing without writing tables; the next start takes longer: {}", e.toString());
      }
      directory.secure();
    }
    last.close();
  }
}
