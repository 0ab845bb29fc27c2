// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Snapshot;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads at a revision, outside the order of writes. Thread-safe. */
final class Reader {
  /*
   * A read at the newest revision is a read at the watermark. Invariants:
   *
   *  1. The watermark is taken before the snapshot, so that the snapshot holds every revision up to it.
   *  2. The compact revision is checked after the snapshot was taken: what the snapshot lacks was deleted
   *     before, and the compact revision is raised before anything is deleted.
   *  3. Whether this node may still tell what is newest is asked after the watermark was taken. Asked
   *     before, a pause in between would make the watermark of a deposed leader look like the newest.
   *  4. A cached head may serve a read at the watermark if its newest version is at or below it: then
   *     that version is the newest one there, and it is committed. A head that is absent may serve it if no
   *     compaction has passed the watermark: else a tombstone may have gone that is above it.
   */

  private final Engine engine;
  private final @Nullable HeadCache heads;
  private final LongSupplier watermark;
  private final Compaction compaction;
  private final BooleanSupplier mayTell;
  private final KeyCounter counter;

  Reader(
      Engine engine,
      @Nullable HeadCache heads,
      CountIndex counts,
      LongSupplier watermark,
      Compaction compaction,
      BooleanSupplier mayTell) {
    this.engine = engine;
    this.heads = heads;
    this.counter = new KeyCounter(counts);
    this.watermark = watermark;
    this.compaction = compaction;
    this.mayTell = mayTell;
  }

  /** Reads one key from the cache, or with one point read; null if that is not enough. */
  @Nullable RangeResult point(RangeQuery query) throws FailureException {
    if (heads == null || !query.range().isSingle() || query.revision() > 0) {
      return null;
    }
    long newest = newest();
    Key key = Key.of(query.range().start());
    try {
      return answer(query, key, heads.read(key), newest);
    } catch (EngineException e) {
      throw unreadable(e);
    }
  }

  private @Nullable RangeResult answer(RangeQuery query, Key key, @Nullable Row row, long newest) {
    if (row == null ? compaction.revision() > newest : row.modRevision() > newest) {
      return null;
    }
    RangeCollector collector = new RangeCollector(query);
    if (row != null && !row.isTombstone()) {
      collector.row(key, row);
    }
    return collector.result(newest);
  }

  RangeResult range(RangeQuery query, ReadMeter meter) throws FailureException {
    try (Moment moment = moment(query.revision())) {
      return range(moment.view(), query, moment.newest, meter);
    } catch (EngineException e) {
      throw unreadable(e);
    }
  }

  /** Reads the start of a range, up to the limit, and counts nothing behind it. */
  RangeResult page(RangeQuery query) throws FailureException {
    try (Moment moment = moment(query.revision())) {
      RangeCollector collector = new RangeCollector(query);
      moment.view().visit(query.range(), collector);
      return collector.result(moment.newest);
    } catch (EngineException e) {
      throw unreadable(e);
    }
  }

  TxnResult txn(Txn txn, ReadMeter meter) throws FailureException {
    try (Moment moment = moment(0)) {
      RevisionView before = moment.view();
      TxnPlan plan = TxnPlan.choose(txn, range -> live(before, range));
      check(plan, moment.newest, moment.compacted);
      return new TxnResult(
          moment.newest, plan.succeeded(), carryOut(plan, moment.snapshot, moment.newest, meter));
    } catch (EngineException e) {
      throw unreadable(e);
    }
  }

  StoreHash hash(long revision) throws FailureException {
    try (Moment moment = moment(revision)) {
      Hasher hasher = new Hasher();
      moment.view().visit(KeyRange.all(), hasher);
      return new StoreHash(
          hasher.hash(), moment.revision, Math.max(0, moment.compacted), moment.newest);
    } catch (EngineException e) {
      throw unreadable(e);
    }
  }

  /**
   * A snapshot that can be read at a revision.
   *
   * @param revision the revision to read at
   * @param newest the watermark before the snapshot was taken
   * @param compacted the compact revision after it was taken, at most {@code revision}
   */
  private record Moment(Snapshot snapshot, long revision, long newest, long compacted)
      implements AutoCloseable {
    RevisionView view() {
      return new RevisionView(snapshot, revision);
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }

  /**
   * Takes a snapshot for a revision, or for the newest. If a compaction overtakes the newest
   * revision meanwhile there is a newer one, so it is tried again; that a client does not see.
   */
  private Moment moment(long asked) throws FailureException {
    long before = -1;
    while (true) {
      long newest = newest();
      RevisionCheck.read(asked, newest, compaction.revision());
      if (newest == before) {
        throw new FailureException(
            new Failure.Unreadable(
                "revision " + newest + " was compacted before a newer one came"));
      }
      before = newest;
      long revision = asked > 0 ? asked : newest;
      Snapshot snapshot = engine.snapshot();
      Moment moment = moment(snapshot, revision, newest);
      if (moment != null) {
        return moment;
      }
    }
  }

  /** Closes the snapshot and answers null if the revision cannot be read in it. */
  private @Nullable Moment moment(Snapshot snapshot, long revision, long newest) {
    boolean readable = false;
    try {
      long compacted = compaction.revision(snapshot);
      readable = revision >= compacted;
      return readable ? new Moment(snapshot, revision, newest, compacted) : null;
    } finally {
      if (!readable) {
        snapshot.close();
      }
    }
  }

  /** The watermark, if this node may tell it. */
  long newest() throws FailureException {
    long newest = watermark.getAsLong();
    if (!mayTell.getAsBoolean()) {
      throw new FailureException(new Failure.LeaderChanged());
    }
    return newest;
  }

  private static List<KeyValue> live(RevisionView view, KeyRange range) {
    RangeQuery all = RangeQuery.newest(range);
    RangeCollector collector = new RangeCollector(all);
    view.visit(range, collector);
    return collector.result(0).keyValues();
  }

  private static void check(TxnPlan plan, long newest, long compacted) throws FailureException {
    for (TxnPlan.Step step : plan.steps()) {
      if (step instanceof TxnPlan.Step.Range range) {
        RevisionCheck.inTxn(range.range().query().revision(), newest, compacted);
      } else if (step instanceof TxnPlan.Step.Nested(TxnPlan nested)) {
        check(nested, newest, compacted);
      }
    }
  }

  private List<OpResult> carryOut(TxnPlan plan, Snapshot snapshot, long newest, ReadMeter meter)
      throws FailureException {
    List<OpResult> results = new ArrayList<>(plan.steps().size());
    for (TxnPlan.Step step : plan.steps()) {
      switch (step) {
        case TxnPlan.Step.Range range -> {
          RangeQuery query = range.range().query();
          long revision = query.revision() > 0 ? query.revision() : newest;
          results.add(range(new RevisionView(snapshot, revision), query, newest, meter));
        }
        case TxnPlan.Step.Nested(TxnPlan nested) ->
            results.add(
                new OpResult.Nested(nested.succeeded(), carryOut(nested, snapshot, newest, meter)));
        case TxnPlan.Step.Put ignored ->
            throw new IllegalArgumentException("txn: writes (expected: reads only)");
        case TxnPlan.Step.Delete ignored ->
            throw new IllegalArgumentException("txn: writes (expected: reads only)");
      }
    }
    return results;
  }

  private RangeResult range(RevisionView view, RangeQuery query, long newest, ReadMeter meter)
      throws FailureException {
    RangeCollector collector = new RangeCollector(query, meter);
    view.visit(query.range(), collector);
    if (collector.isTooLarge()) {
      throw new FailureException(new Failure.TooManyRequests());
    }
    collector.counted(counter.count(view, collector.rest()));
    return collector.result(newest);
  }

  private static FailureException unreadable(EngineException e) {
    return new FailureException(new Failure.Unreadable(String.valueOf(e.getMessage())));
  }
}
