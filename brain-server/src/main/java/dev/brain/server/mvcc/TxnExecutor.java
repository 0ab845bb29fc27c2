// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries out one transaction in the sequencer's turn: what it answers and what it changes. */
final class TxnExecutor {
  /*
   * As in etcd: branches are chosen first; then everything that can fail is checked for the chosen
   * operations, all of it against the state before the transaction; then the operations are carried out
   * in order and cannot fail. Later operations see what earlier ones did.
   *
   * A revision is not assigned here: the changes are made for the revision that will be assigned if there
   * are any, next. An operation reports base in its inner header until the first change was made, and
   * next from then on.
   *
   * No key changes twice in one transaction: the edge refused such requests, and a second delete finds
   * nothing.
   */

  private final OrderedState state;
  private final TxnView before;
  private final long base;
  private final long next;
  private final List<Change> changes = new ArrayList<>();
  private final TreeMap<Key, Change> changed = new TreeMap<>();

  TxnExecutor(OrderedState state, TxnView before) {
    this.state = state;
    this.before = before;
    this.base = state.revision();
    this.next = state.next();
  }

  TxnResult execute(Txn txn) throws FailureException {
    TxnPlan plan = TxnPlan.choose(txn, before::live);
    // A put alone is checked in another order by etcd: its lease before its key.
    checkPuts(plan, txn.compares().isEmpty() && txn.success().size() == 1);
    checkRanges(plan);
    List<OpResult> results = carryOut(plan);
    return new TxnResult(revision(), plan.succeeded(), results);
  }

  /** In the order in which they were made. */
  List<Change> changes() {
    return changes;
  }

  boolean changesAnything() {
    return !changes.isEmpty();
  }

  private long revision() {
    return changes.isEmpty() ? base : next;
  }

  private void checkPuts(TxnPlan plan, boolean leaseFirst) throws FailureException {
    for (TxnPlan.Step step : plan.steps()) {
      if (step instanceof TxnPlan.Step.Nested(TxnPlan nested)) {
        checkPuts(nested, false);
      } else if (step instanceof TxnPlan.Step.Put(Op.Put put)) {
        boolean noLease = put.lease() != 0 && !state.leases().exists(put.lease());
        boolean noKey = (put.ignoreValue() || put.ignoreLease()) && before.live(put.key()) == null;
        if (noLease && (leaseFirst || !noKey)) {
          throw new FailureException(new Failure.LeaseNotFound());
        }
        if (noKey) {
          throw new FailureException(new Failure.KeyNotFound());
        }
      }
    }
  }

  private void checkRanges(TxnPlan plan) throws FailureException {
    for (TxnPlan.Step step : plan.steps()) {
      if (step instanceof TxnPlan.Step.Nested(TxnPlan nested)) {
        checkRanges(nested);
      } else if (step instanceof TxnPlan.Step.Range(Op.Range range)) {
        RevisionCheck.inTxn(range.query().revision(), base, state.compactRevision());
      }
    }
  }

  private List<OpResult> carryOut(TxnPlan plan) {
    List<OpResult> results = new ArrayList<>(plan.steps().size());
    for (TxnPlan.Step step : plan.steps()) {
      results.add(
          switch (step) {
            case TxnPlan.Step.Put(Op.Put put) -> put(put);
            case TxnPlan.Step.Delete(Op.DeleteRange delete) -> delete(delete);
            case TxnPlan.Step.Range(Op.Range range) -> range(range.query());
            case TxnPlan.Step.Nested(TxnPlan nested) ->
                new OpResult.Nested(nested.succeeded(), carryOut(nested));
          });
    }
    return results;
  }

  private OpResult put(Op.Put put) {
    Head head = before.head(put.key());
    Row old = head.live();
    byte[] value = put.ignoreValue() && old != null ? old.value() : put.value();
    long lease = put.ignoreLease() && old != null ? old.lease() : put.lease();
    Row row =
        Row.live(
            old == null ? next : old.createRevision(),
            next,
            old == null ? 1 : old.version() + 1,
            lease,
            value);
    change(new Change(head, head.row(), row));
    @Nullable KeyValue previous =
        put.previous() && old != null ? new KeyValue(put.key(), old) : null;
    return new OpResult.Put(revision(), previous);
  }

  private OpResult delete(Op.DeleteRange delete) {
    List<KeyValue> previous = new ArrayList<>();
    for (KeyValue kv : before.live(delete.range())) {
      if (!changed.containsKey(kv.key())) {
        Head head = before.head(kv);
        change(new Change(head, head.row(), Row.tombstone(next)));
        previous.add(kv);
      }
    }
    return new OpResult.Delete(
        revision(), previous.size(), delete.previous() ? previous : List.of());
  }

  private void change(Change change) {
    changes.add(change);
    changed.put(change.head().key(), change);
  }

  private RangeResult range(RangeQuery query) {
    RangeCollector collector = new RangeCollector(query);
    if (query.revision() > 0) {
      RevisionView then = before.at(query.revision());
      then.visit(query.range(), collector);
      collector.counted(then.count(collector.rest()));
    } else {
      now(query.range()).forEach(kv -> collector.row(kv.key(), kv.row()));
    }
    return collector.result(revision());
  }

  /** The live keys of a range as they are after the operations so far. */
  private Iterable<KeyValue> now(KeyRange range) {
    List<KeyValue> old = before.live(range);
    Map<Key, Change> inRange =
        changed.tailMap(Key.of(range.start()), true).entrySet().stream()
            .takeWhile(entry -> range.contains(entry.getKey().bytes()))
            .collect(TreeMap::new, (map, e) -> map.put(e.getKey(), e.getValue()), TreeMap::putAll);
    if (inRange.isEmpty()) {
      return old;
    }
    TreeMap<Key, KeyValue> merged = new TreeMap<>();
    old.forEach(kv -> merged.put(kv.key(), kv));
    inRange.forEach(
        (key, change) -> {
          if (change.after().isTombstone()) {
            merged.remove(key);
          } else {
            merged.put(key, new KeyValue(key, change.after()));
          }
        });
    return merged.values();
  }
}
