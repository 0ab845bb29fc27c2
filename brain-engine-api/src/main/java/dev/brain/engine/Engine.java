// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ordered key-value engine with atomic conditional commits and consistent snapshots.
 *
 * <p>Engines are thread-safe: every method may be called by any number of threads at once, and
 * blocks the caller for as long as the storage takes. Unless a method says otherwise it throws
 * {@link EngineException.Unavailable} when the storage cannot be reached now, {@link
 * EngineException.Corrupted} when stored data is damaged, and {@link EngineException.Closed} after
 * {@link #close()}. A commit that throws did nothing, and nothing of it ever appears later.
 *
 * <p>Byte arrays given to an engine are not changed by it and must not be changed by the caller
 * until the call returns; arrays handed out by an engine belong to the caller for ever.
 *
 * <p>Take care when adding a method: each one must be written and proved once per engine.
 */
public interface Engine extends AutoCloseable {

  /**
   * Opens a consistent view of everything whose {@link #commit} had returned {@link
   * CommitOutcome.Committed} before this call began. A commit that begins after this call returned
   * is not seen; of one that runs meanwhile all is seen or nothing.
   *
   * @return a snapshot that the caller must close
   */
  Snapshot snapshot();

  /**
   * Reads the newest committed value of one key; sees every commit that had returned before this
   * call began. Cheaper than a snapshot for a single read.
   *
   * @return the value, possibly empty, or null if the key is absent
   */
  byte @Nullable [] get(Space space, byte[] key);

  /**
   * Applies a batch atomically if all its conditions hold at the moment of its commit.
   *
   * <p>Commits are linearizable: each takes effect at one moment between call and return, and its
   * conditions are decided at that moment. With {@link Durability#SYNCED} a returned {@link
   * CommitOutcome.Committed} survives the loss of power; with {@link Durability#BUFFERED} the
   * newest commits may be lost then, but never out of order. Later operations on a key inside a
   * batch win over earlier ones. A batch without operations only checks its conditions.
   *
   * @return what became of it. {@link CommitOutcome.Unknown} must be settled by {@link #settle};
   *     until then the engine may refuse further commits with {@link EngineException.Unavailable},
   *     which always means that nothing of the refused batch was or will be applied
   */
  CommitOutcome commit(WriteBatch batch);

  /**
   * Finds out what became of a commit whose outcome was unknown. May be asked any number of times.
   * After {@link Fate#COMMITTED} or {@link Fate#NOT_COMMITTED} the answer is final: a batch that
   * was reported as not committed never appears later, also not after a restart. Before that, reads
   * may or may not show the batch; one that a read has shown is never reported as not committed.
   *
   * <p>To find out, an engine may have to reopen its storage. Snapshots and cursors that are open
   * meanwhile throw {@link EngineException.Unavailable} from then on.
   *
   * @param unknown an outcome that this engine returned
   * @return the fate; {@link Fate#STILL_UNKNOWN} if the storage cannot tell yet
   */
  Fate settle(CommitOutcome.Unknown unknown);

  /**
   * Suggests borders that cut a range into parts of similar size, for parallel scans.
   *
   * @param parts the number of parts wanted, at least 1
   * @return between 0 and {@code parts - 1} keys, each above the range's start and below its end,
   *     strictly ascending; they need not be stored keys
   * @throws IllegalArgumentException if {@code parts} is less than 1
   */
  List<byte[]> splits(Space space, KeyRange range, int parts);

  /** The storage that this engine uses now; may be some seconds old. */
  Usage usage();

  /**
   * Gives storage held by deleted data back to the operating system as far as the engine can.
   * Blocks until done; reads and commits go on meanwhile.
   */
  void reclaim();

  /**
   * Writes a consistent, complete copy that {@link EngineFactory#open} can open as an engine of its
   * own.
   *
   * @param directory where to; must not exist, its parent must
   * @throws IllegalArgumentException if the directory exists or its parent does not; nothing is
   *     written then
   * @throws EngineException.Unsupported if this engine does not live in a directory
   */
  void checkpoint(Path directory);

  /**
   * Releases everything. Waits for running calls; open snapshots are invalid afterwards. Closing
   * again does nothing.
   */
  @Override
  void close();
}
