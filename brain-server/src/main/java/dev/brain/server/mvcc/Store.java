// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.server.event.RevisionListener;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A multi-version store of keys over an engine: the door to everything below the wire.
 *
 * <p>Thread-safe. Writes are ordered, made durable in groups, and answered once they are visible,
 * on a thread of the store; the caller never blocks for storage longer than a point read. Requests
 * must have passed the static checks of the edge (no empty keys, no duplicate keys, operation
 * limits).
 */
public final class Store implements AutoCloseable {

  /** Constant over all nodes and restarts; any number but 0, to be read as unsigned. */
  public long clusterId() {
    throw new UnsupportedOperationException();
  }

  /** Differs per node; any number but 0, to be read as unsigned. */
  public long memberId() {
    throw new UnsupportedOperationException();
  }

  /** Raised each time a leader takes over; shown as the raft term. At least 1. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /** The watermark: the newest visible revision; 1 for a fresh store. Never goes down. */
  public long revision() {
    throw new UnsupportedOperationException();
  }

  /** The revision of the last compaction, or 0. Reads below it fail; never goes down. */
  public long compactRevision() {
    throw new UnsupportedOperationException();
  }

  /**
   * Answers a read from memory if that is possible without waiting for the engine.
   *
   * @return the answer, or null if {@link #range} has to be asked on a thread that may block
   * @throws FailureException if the asked revision is compacted or in the future
   */
  public @Nullable RangeResult rangeFromMemory(RangeQuery query) throws FailureException {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a range at a revision; blocks while the engine reads.
   *
   * @throws FailureException if the asked revision is compacted or in the future
   */
  public RangeResult range(RangeQuery query) throws FailureException {
    throw new UnsupportedOperationException();
  }

  /**
   * Runs a transaction for which {@link Txn#isReadOnly} holds; blocks while the engine reads. All
   * its ranges and compares see one revision.
   */
  public TxnResult read(Txn txn) throws FailureException {
    throw new UnsupportedOperationException();
  }

  /** Runs a transaction that may write. */
  public void txn(Txn txn, Completion<TxnResult> completion) {
    throw new UnsupportedOperationException();
  }

  /**
   * Compacts: revisions below the given one cannot be read any more.
   *
   * @param physical whether to answer only when the space of what cannot be read was given up
   * @param completion receives the newest visible revision
   */
  public void compact(long revision, boolean physical, Completion<Long> completion) {
    throw new UnsupportedOperationException();
  }

  /**
   * Grants a lease.
   *
   * @param completion receives the newest visible revision, or LeaseExists, or NoSpace
   */
  public void grantLease(LeaseRecord lease, Completion<Long> completion) {
    throw new UnsupportedOperationException();
  }

  /**
   * Revokes a lease and deletes all its keys in one revision.
   *
   * @param completion receives the revision that deleted them (the newest visible one if there were
   *     none), or LeaseNotFound
   */
  public void revokeLease(long leaseId, Completion<Long> completion) {
    throw new UnsupportedOperationException();
  }

  /** All leases, in no order. */
  public List<LeaseRecord> leases() {
    throw new UnsupportedOperationException();
  }

  /** The keys attached to a lease, in key order; empty if there is no such lease. */
  public List<Key> leaseKeys(long leaseId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes or removes small named records of the server (alarms, for example), atomically and
   * durably, without making a revision.
   *
   * @param name a name below {@code server/}
   * @param value the new value, or null to remove the record
   * @param completion receives the newest visible revision
   */
  public void putRecord(String name, byte @Nullable [] value, Completion<Long> completion) {
    throw new UnsupportedOperationException();
  }

  /** Reads a record written by {@link #putRecord}; null if there is none. Blocks. */
  public byte @Nullable [] record(String name) {
    throw new UnsupportedOperationException();
  }

  /**
   * A hash of everything that is visible at a revision, equal on every node that has the same data.
   *
   * @param revision the revision, or 0 or less for the newest
   */
  public StoreHash hash(long revision) throws FailureException {
    throw new UnsupportedOperationException();
  }

  /** The event log, for watches that are behind. */
  public RevisionReader log() {
    throw new UnsupportedOperationException();
  }

  /** The engine below, for its usage, for reclaiming space and for copies. */
  public Engine engine() {
    throw new UnsupportedOperationException();
  }

  /** Stops taking requests, answers those under way, releases everything but the engine. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** Who is told of revisions and leases; given when the store is opened. */
  public record Listeners(RevisionListener revisions, LeaseListener leases) {}
}
