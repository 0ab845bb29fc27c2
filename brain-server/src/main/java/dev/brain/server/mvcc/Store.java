// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.election.Epoch;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Space;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A multi-version store of keys over an engine: the door to everything below the wire.
 *
 * <p>Thread-safe. Writes are ordered, made durable in groups, and answered once they are visible,
 * on a thread of the store; the caller never blocks for storage longer than a point read. Requests
 * must have passed the static checks of the edge (no empty keys, no duplicate keys, operation
 * limits).
 *
 * <p>An opened store serves reads; {@link #start} makes it take writes.
 */
public final class Store implements StoreView, AutoCloseable {
  /*
   * A write: the Sequencer decides it on the caller's thread (TxnCommand, TxnExecutor, against the
   * HeadCache) and assigns its revision; the Committer makes it durable together with others; the
   * PublishRing moves the watermark in order; the Publication keeps the counts before that, and answers
   * and tells the listener after it.
   *
   * A read: the Reader, at the watermark or below it, from the HeadCache or an engine snapshot; keys that
   * are only counted, from the CountIndex.
   *
   * The compact revision is raised, for readers, once it is durable, and before the Compactor deletes
   * anything.
   */

  /** The heads of so many keys may be loaded on the caller's thread. */
  private static final int QUICK_LEASE_KEYS = 16;

  private final Engine engine;
  private final Epoch epoch;
  private final Recovery recovery;
  private final HeadCache heads;
  private final LeaseTable leases;
  private final PublishRing<Pending> ring;
  private final Sequencer sequencer;
  private final Committer committer;
  private final Compactor compactor;
  private final Reader reader;
  private final EventLog log;
  private volatile Collaborators collaborators = Collaborators.NONE;

  /** Raised by the committer only. */
  private volatile long compactRevision;

  private boolean started;

  /**
   * Opens the store of an engine, making an empty one if the engine is empty. Takes a new epoch, so
   * every other store on the same data is fenced off from writing.
   *
   * @param random makes the ids of a new store
   * @throws EngineException.Corrupted if the engine holds something else, or a newer format
   */
  public static Store open(Engine engine, StoreConfig config, RandomGenerator random) {
    return open(engine, config, random, () -> true);
  }

  /**
   * Opens the store of an engine that other nodes may want to take over.
   *
   * @param random makes the ids of a new store
   * @param leads whether this node surely leads at the moment of the call; quick. What is read
   *     while it does not is refused, and so is what was asked to be written but changes nothing
   * @throws EngineException.Corrupted if the engine holds something else, or a newer format
   */
  public static Store open(
      Engine engine, StoreConfig config, RandomGenerator random, BooleanSupplier leads) {
    Recovery.check(engine);
    Epoch epoch = Epoch.claim(engine);
    return new Store(engine, epoch, Recovery.of(engine, random), config, leads);
  }

  private Store(
      Engine engine, Epoch epoch, Recovery recovery, StoreConfig config, BooleanSupplier leads) {
    this.engine = engine;
    this.epoch = epoch;
    this.recovery = recovery;
    this.compactRevision = recovery.compactRevision();
    this.heads = new HeadCache(engine, config.headCacheBytes());
    this.leases = new LeaseTable();
    leases.load(engine);
    CountIndex counts = new CountIndex(recovery.revision(), config.counts());
    this.ring =
        new PublishRing<>(
            StoreConfig.RING_CAPACITY,
            recovery.revision(),
            new Publication(counts, () -> collaborators.revisions()));
    OrderedState state =
        new OrderedState(engine, heads, leases, recovery.revision(), recovery.compactRevision());
    this.sequencer =
        new Sequencer(state, ring, config.maxRequests(), config.maxRequestBytes(), leads);
    Condition fence = epoch.fence();
    this.committer =
        new Committer(
            engine,
            sequencer,
            ring,
            fence,
            config.maxBatchBytes(),
            () -> collaborators.deposed().run());
    this.compactor =
        new Compactor(engine, sequencer, heads, () -> compactRevision, recovery.compactedThrough());
    Compaction compaction = Compaction.own(() -> compactRevision);
    this.reader = new Reader(engine, heads, counts, ring::watermark, compaction, leads);
    this.log = new EventLog(engine, compaction);
  }

  /**
   * Begins to take writes. Called once.
   *
   * @param threads runs two endless tasks, each on a thread of its own; both end with {@link
   *     #close}
   */
  public synchronized void start(Collaborators told, Executor threads) {
    collaborators = told;
    started = true;
    threads.execute(committer);
    threads.execute(compactor);
  }

  /** Constant over all nodes and restarts; any number but 0, to be read as unsigned. */
  public long clusterId() {
    return recovery.clusterId();
  }

  /** Differs per node; any number but 0, to be read as unsigned. */
  public long memberId() {
    return recovery.memberId();
  }

  /**
   * The watermark, as one that every later read must see.
   *
   * @throws FailureException LeaderChanged if this node may no longer tell what is newest
   */
  public long readIndex() throws FailureException {
    return reader.newest();
  }

  /** Raised each time a leader takes over; shown as the raft term. At least 1. */
  public long epoch() {
    return epoch.number();
  }

  @Override
  public long revision() {
    return ring.watermark();
  }

  @Override
  public long compactRevision() {
    return Math.max(0, compactRevision);
  }

  @Override
  public @Nullable RangeResult rangeQuickly(RangeQuery query) throws FailureException {
    return reader.point(query);
  }

  @Override
  public RangeResult range(RangeQuery query, ReadMeter meter) throws FailureException {
    return reader.range(query, meter);
  }

  @Override
  public RangeResult page(RangeQuery query) throws FailureException {
    return reader.page(query);
  }

  @Override
  public TxnResult read(Txn txn, ReadMeter meter) throws FailureException {
    return reader.txn(txn, meter);
  }

  /** Runs a transaction that may write. */
  public void txn(Txn txn, Completion<TxnResult> completion) {
    if (refused(Op.anyPut(txn), completion)) {
      return;
    }
    sequencer.submit(new TxnCommand(txn, heads, new SafeCompletion<>(completion)));
  }

  /**
   * Compacts: revisions below the given one cannot be read any more.
   *
   * @param physical whether to answer only when the space of what cannot be read was given up
   * @param completion receives the newest visible revision
   */
  public void compact(long revision, boolean physical, Completion<Long> completion) {
    if (refused(false, completion)) {
      return;
    }
    Completion<Long> safe = new SafeCompletion<>(completion);
    Completion<Long> told = physical ? new Physical(revision, safe) : safe;
    sequencer.submit(
        new CompactCommand(revision, ring::watermark, () -> compacted(revision), told));
  }

  private boolean refused(boolean growth, Completion<?> completion) {
    Failure refusal = collaborators.gate().refusal(growth);
    if (refusal == null) {
      return false;
    }
    completion.fail(refusal);
    return true;
  }

  private void compacted(long revision) {
    compactRevision = revision;
    compactor.wake();
  }

  /** Completes when the deletions of a compaction are finished. */
  private final class Physical implements Completion<Long> {
    private final long revision;
    private final Completion<Long> told;

    Physical(long revision, Completion<Long> told) {
      this.revision = revision;
      this.told = told;
    }

    @Override
    public void complete(Long newest) {
      compactor.whenDone(revision, told, newest);
    }

    @Override
    public void fail(Failure failure) {
      told.fail(failure);
    }
  }

  /**
   * Grants a lease.
   *
   * @param completion receives the newest visible revision, or LeaseExists, or NoSpace
   */
  public void grantLease(LeaseRecord lease, Completion<Long> completion) {
    if (refused(true, completion)) {
      return;
    }
    sequencer.submit(
        new LeaseCommands.Grant(lease, collaborators.leases(), new SafeCompletion<>(completion)));
  }

  /**
   * Revokes a lease and deletes all its keys in one revision.
   *
   * @param completion receives the revision that deleted them (the newest visible one if there were
   *     none), or LeaseNotFound
   */
  public void revokeLease(long leaseId, Completion<Long> completion) {
    boolean quick = leases.size(leaseId) <= QUICK_LEASE_KEYS;
    revoke(leaseId, quick ? leases.keys(leaseId) : null, completion);
  }

  /**
   * Revokes a lease as {@link #revokeLease} does, but blocks for a point read of each key that is
   * not in memory, so that no other write waits for these reads.
   */
  public void expireLease(long leaseId, Completion<Long> completion) {
    revoke(leaseId, leases.keys(leaseId), completion);
  }

  private void revoke(long leaseId, @Nullable List<Key> keys, Completion<Long> completion) {
    sequencer.submit(
        new LeaseCommands.Revoke(
            leaseId, keys, heads, collaborators.leases(), new SafeCompletion<>(completion)));
  }

  /** All leases, in no order. */
  public List<LeaseRecord> leases() {
    return leases.all();
  }

  /** How many keys are attached to a lease; 0 if there is no such lease. */
  public int leaseSize(long leaseId) {
    return leases.size(leaseId);
  }

  /** The keys attached to a lease, in key order; empty if there is no such lease. */
  public List<Key> leaseKeys(long leaseId) {
    return leases.keys(leaseId);
  }

  /**
   * Writes or removes a small named record of the server (an alarm, for example), durably, without
   * making a revision.
   *
   * @param name a name below {@code server/}
   * @param value the new value, or null to remove the record
   * @param completion receives the newest visible revision
   */
  public void putRecord(String name, byte @Nullable [] value, Completion<Long> completion) {
    byte[] key = MetaKeys.record(name);
    sequencer.submit(
        new RecordCommand(
            batch -> {
              if (value == null) {
                batch.delete(Space.META, key);
              } else {
                batch.put(Space.META, key, value);
              }
            },
            new SafeCompletion<>(completion)));
  }

  @Override
  public byte @Nullable [] record(String name) {
    return engine.get(Space.META, MetaKeys.record(name));
  }

  @Override
  public StoreHash hash(long revision) throws FailureException {
    return reader.hash(revision);
  }

  @Override
  public RevisionReader log() {
    return log;
  }

  /** The engine below, for its usage, for reclaiming space and for copies. */
  public Engine engine() {
    return engine;
  }

  /**
   * Stops taking requests, carries out those under way and answers them, releases everything but
   * the engine. Waits for the commit that is under way. Must not be called by a completion or a
   * collaborator.
   */
  @Override
  public void close() {
    close(new Failure.Stopped());
  }

  /**
   * Closes as {@link #close()} does.
   *
   * @param reason what those are told who come too late
   */
  public synchronized void close(Failure reason) {
    sequencer.close(reason);
    if (!started) {
      sequencer.abandon(reason);
      return;
    }
    started = false;
    boolean interrupted = closed(compactor::close);
    interrupted |= closed(committer::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Closing {
    void close() throws InterruptedException;
  }

  /** Answers whether the wait for the end was cut short. */
  private static boolean closed(Closing task) {
    try {
      task.close();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
