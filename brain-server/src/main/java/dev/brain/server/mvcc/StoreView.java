// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of a store, on the node that leads ({@link Store}) and on those that follow
 * ({@link Replica}). Thread-safe.
 */
public interface StoreView {
  /** The watermark: the newest visible revision; 1 for a fresh store. Never goes down. */
  long revision();

  /** The revision of the last compaction that is known here, or 0; never goes down. */
  long compactRevision();

  /**
   * Answers a read of the newest version of one key, from memory or with one point read of the
   * engine.
   *
   * @return the answer, or null if {@link #range} has to be asked on a thread that may block for
   *     long
   * @throws FailureException LeaderChanged if this node may no longer tell what is newest
   */
  @Nullable RangeResult rangeQuickly(RangeQuery query) throws FailureException;

  /**
   * Reads a range at a revision; blocks while the engine reads.
   *
   * @param meter asked for each key-value that is kept, before sorting and cutting
   * @throws FailureException if the asked revision is compacted or in the future; TooManyRequests
   *     if the meter has ended the read; LeaderChanged if this node may no longer tell what is
   *     newest
   */
  RangeResult range(RangeQuery query, ReadMeter meter) throws FailureException;

  /**
   * Reads a range at a revision; blocks while the engine reads.
   *
   * @throws FailureException as {@link #range(RangeQuery, ReadMeter)} does
   */
  default RangeResult range(RangeQuery query) throws FailureException {
    return range(query, ReadMeter.UNLIMITED);
  }

  /**
   * Reads a range as {@link #range} does, but does not look behind the limit: the count of the
   * answer means nothing, so that pages cost no more than what they hold.
   */
  RangeResult page(RangeQuery query) throws FailureException;

  /**
   * Runs a transaction for which {@link Txn#isReadOnly} holds; blocks while the engine reads. All
   * its ranges and compares see one revision.
   *
   * @param meter asked for each key-value that a range keeps
   * @throws FailureException TooManyRequests if the meter has ended the read, or as a range does
   */
  TxnResult read(Txn txn, ReadMeter meter) throws FailureException;

  /**
   * A hash of everything that is visible at a revision, equal on every node that has the same data.
   *
   * @param revision the revision, or 0 or less for the newest
   */
  StoreHash hash(long revision) throws FailureException;

  /** Reads a record written by {@link Store#putRecord}; null if there is none. Blocks. */
  byte @Nullable [] record(String name);

  /** The event log, for watches that are behind. */
  RevisionReader log();
}
