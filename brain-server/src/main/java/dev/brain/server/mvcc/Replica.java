// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store as a node sees it that does not lead: it reads the engine that all share, up to the
 * revision that the leader has told it of. Thread-safe.
 */
public final class Replica implements StoreView {
  /*
   * Invariants:
   *  1. The watermark here is never above the leader's: it moves only to what the leader has published
   *     (publish, advance). So nothing that is read here can be missing from a later
   *     read on the leader.
   *  2. What the leader has published is in every snapshot of the engine that is taken later. So a
   *     snapshot taken after the watermark was read holds everything up to it.
   *  3. The compact revision of a read comes from the snapshot that is read: the leader stores it before
   *     it deletes anything, and tells nobody else.
   *  4. Heads are not cached: they are authoritative on the only writer alone. Counts are, since every
   *     change passes by here in order.
   */

  private final Engine engine;
  private final CountIndex counts;
  private final Reader reader;
  private final EventLog log;
  private final AtomicLong compactRevision = new AtomicLong(RevisionCheck.NEVER_COMPACTED);
  private volatile long watermark;

  /**
   * A replica.
   *
   * @param engine holds a store; stays the caller's
   * @param watermark a revision that some leader has published, or the newest stored one
   */
  public Replica(Engine engine, StoreConfig config, long watermark) {
    this.engine = engine;
    this.watermark = watermark;
    this.counts = new CountIndex(watermark, config.counts());
    Compaction compaction = new StoredCompaction();
    this.reader = new Reader(engine, null, counts, this::revision, compaction, () -> true);
    this.log = new EventLog(engine, compaction);
  }

  private final class StoredCompaction implements Compaction {
    @Override
    public long revision() {
      return compactRevision.get();
    }

    @Override
    public long revision(Snapshot snapshot) {
      return compactRevision.accumulateAndGet(Compaction.stored(snapshot), Math::max);
    }
  }

  /**
   * The leader has published revisions. One thread at a time.
   *
   * @param revisions at least one, ascending, all above the watermark, none left out
   */
  public void publish(List<Revision> revisions) {
    counts.applyEvents(revisions);
    watermark = revisions.getLast().number();
  }

  /**
   * Everything up to a revision was told of. The thread that publishes.
   *
   * @param revision the leader's watermark; nothing happens if it is not above the own one
   */
  public void advance(long revision) {
    watermark = Math.max(watermark, revision);
  }

  /**
   * Goes on at a revision without having been told of those before it. The thread that publishes.
   *
   * @param revision the leader's watermark, or one that it was; above the own one
   */
  public void skip(long revision) {
    counts.restart(revision);
    watermark = revision;
  }

  @Override
  public long revision() {
    return watermark;
  }

  @Override
  public long compactRevision() {
    return Math.max(0, compactRevision.get());
  }

  @Override
  public @Nullable RangeResult rangeQuickly(RangeQuery query) {
    return null;
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

  @Override
  public StoreHash hash(long revision) throws FailureException {
    return reader.hash(revision);
  }

  @Override
  public byte @Nullable [] record(String name) {
    return engine.get(Space.META, MetaKeys.record(name));
  }

  @Override
  public RevisionReader log() {
    return log;
  }
}
