// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What etcd answers, written down as plainly as possible: the whole key space is copied for each
 * revision. For one thread.
 */
final class EtcdModel {
  private final TreeMap<Long, SortedMap<Key, Row>> states = new TreeMap<>();
  private final TreeMap<Long, List<Event>> events = new TreeMap<>();
  private final TreeSet<Long> leases = new TreeSet<>();
  private long revision = 1;
  private long compacted = -1;

  EtcdModel() {
    states.put(1L, new TreeMap<>());
  }

  long revision() {
    return revision;
  }

  /** -1 if there was none. */
  long compactRevision() {
    return compacted;
  }

  SortedSet<Long> leases() {
    return leases;
  }

  SortedMap<Key, Row> state() {
    return states.lastEntry().getValue();
  }

  private SortedMap<Key, Row> state(long at) {
    return Objects.requireNonNull(states.get(at));
  }

  List<Key> leaseKeys(long lease) {
    List<Key> keys = new ArrayList<>();
    state().forEach((key, row) -> addIf(row.lease() == lease, keys, key));
    return keys;
  }

  private static void addIf(boolean condition, List<Key> keys, Key key) {
    if (condition) {
      keys.add(key);
    }
  }

  /** The events of a range, revision by revision; nothing of revisions below the compacted one. */
  List<Revision> events(KeyRange range, long from, long through) {
    List<Revision> found = new ArrayList<>();
    events
        .subMap(from, true, through, true)
        .forEach(
            (number, all) -> {
              List<Event> some = new ArrayList<>(all);
              some.removeIf(event -> !range.contains(event.key().bytes()));
              if (!some.isEmpty()) {
                found.add(new Revision(number, some));
              }
            });
    return found;
  }

  // ------------------------------------------------------------------ requests

  RangeResult range(RangeQuery query) throws FailureException {
    if (query.revision() > revision) {
      throw new FailureException(new Failure.FutureRevision());
    }
    if (query.revision() > 0 && query.revision() < compacted) {
      throw new FailureException(new Failure.Compacted(compacted));
    }
    return range(query, state(query.revision() > 0 ? query.revision() : revision), revision);
  }

  TxnResult txn(Txn txn) throws FailureException {
    SortedMap<Key, Row> before = state();
    boolean plain = txn.compares().isEmpty() && txn.success().size() == 1;
    checkPuts(txn, before, plain);
    checkRanges(txn, before);
    Execution execution = new Execution(new TreeMap<>(before));
    List<OpResult> results = execution.run(txn, before);
    if (!execution.events.isEmpty()) {
      revision++;
      states.put(revision, execution.state);
      events.put(revision, execution.events);
    }
    return new TxnResult(revision, holds(txn, before), results);
  }

  long grant(long lease) throws FailureException {
    if (!leases.add(lease)) {
      throw new FailureException(new Failure.LeaseExists());
    }
    return revision;
  }

  long revoke(long lease) throws FailureException {
    if (!leases.contains(lease)) {
      throw new FailureException(new Failure.LeaseNotFound());
    }
    for (Key key : leaseKeys(lease)) {
      deleteIntoNext(key);
    }
    leases.remove(lease);
    if (states.containsKey(revision + 1)) {
      revision++;
    }
    return revision;
  }

  private void deleteIntoNext(Key key) {
    SortedMap<Key, Row> next = states.computeIfAbsent(revision + 1, r -> new TreeMap<>(state()));
    Row old = next.remove(key);
    events
        .computeIfAbsent(revision + 1, r -> new ArrayList<>())
        .add(new Event(key, Row.tombstone(revision + 1), old));
  }

  long compact(long at) throws FailureException {
    if (at <= compacted) {
      throw new FailureException(new Failure.Compacted(Math.max(0, compacted)));
    }
    if (at > revision) {
      throw new FailureException(new Failure.FutureRevision());
    }
    compacted = at;
    states.headMap(at).clear();
    events.headMap(at).clear();
    return revision;
  }

  // ------------------------------------------------------------------ compares and checks

  private static boolean holds(Txn txn, SortedMap<Key, Row> state) {
    for (Compare compare : txn.compares()) {
      List<KeyValue> rows = in(compare.range(), state);
      if (rows.isEmpty() && !holds(compare, null)) {
        return false;
      }
      for (KeyValue row : rows) {
        if (!holds(compare, row.row())) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean holds(Compare compare, @Nullable Row row) {
    int order =
        switch (compare.operand()) {
          case Compare.Operand.Version(long n) -> Long.compare(row == null ? 0 : row.version(), n);
          case Compare.Operand.CreateRevision(long n) ->
              Long.compare(row == null ? 0 : row.createRevision(), n);
          case Compare.Operand.ModRevision(long n) ->
              Long.compare(row == null ? 0 : row.modRevision(), n);
          case Compare.Operand.Lease(long n) -> Long.compare(row == null ? 0 : row.lease(), n);
          case Compare.Operand.Value(byte[] bytes) ->
              row == null ? 99 : Arrays.compareUnsigned(row.value(), bytes);
          case Compare.Operand.Unknown() -> 0;
        };
    if (order == 99 && row == null) {
      return false;
    }
    return switch (compare.relation()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case ALWAYS -> true;
    };
  }

  private void checkPuts(Txn txn, SortedMap<Key, Row> before, boolean plain)
      throws FailureException {
    for (Op op : holds(txn, before) ? txn.success() : txn.failure()) {
      if (op instanceof Op.Nested(Txn nested)) {
        checkPuts(nested, before, false);
      } else if (op instanceof Op.Put put) {
        boolean noLease = put.lease() != 0 && !leases.contains(put.lease());
        boolean noKey = (put.ignoreValue() || put.ignoreLease()) && !before.containsKey(put.key());
        if (noLease && (plain || !noKey)) {
          throw new FailureException(new Failure.LeaseNotFound());
        }
        if (noKey) {
          throw new FailureException(new Failure.KeyNotFound());
        }
      }
    }
  }

  private void checkRanges(Txn txn, SortedMap<Key, Row> before) throws FailureException {
    for (Op op : holds(txn, before) ? txn.success() : txn.failure()) {
      if (op instanceof Op.Nested(Txn nested)) {
        checkRanges(nested, before);
      } else if (op instanceof Op.Range(RangeQuery query)) {
        if (query.revision() > revision) {
          throw new FailureException(new Failure.FutureRevision());
        }
        if (query.revision() != 0 && query.revision() < compacted) {
          throw new FailureException(new Failure.Compacted(Math.max(0, compacted)));
        }
      }
    }
  }

  // ------------------------------------------------------------------ execution

  private final class Execution {
    private final SortedMap<Key, Row> state;
    private final List<Event> events = new ArrayList<>();

    Execution(SortedMap<Key, Row> state) {
      this.state = state;
    }

    List<OpResult> run(Txn txn, SortedMap<Key, Row> before) {
      List<OpResult> results = new ArrayList<>();
      for (Op op : holds(txn, before) ? txn.success() : txn.failure()) {
        results.add(
            switch (op) {
              case Op.Put put -> put(put);
              case Op.DeleteRange(KeyRange range, boolean previous) -> delete(range, previous);
              case Op.Range(RangeQuery query) ->
                  range(query, query.revision() > 0 ? state(query.revision()) : state, now());
              case Op.Nested(Txn nested) ->
                  new OpResult.Nested(holds(nested, before), run(nested, before));
            });
      }
      return results;
    }

    private long now() {
      return events.isEmpty() ? revision : revision + 1;
    }

    private OpResult put(Op.Put put) {
      Row old = state.get(put.key());
      byte[] value = put.ignoreValue() && old != null ? old.value() : put.value();
      long lease = put.ignoreLease() && old != null ? old.lease() : put.lease();
      long next = revision + 1;
      Row row =
          old == null
              ? Row.live(next, next, 1, lease, value)
              : Row.live(old.createRevision(), next, old.version() + 1, lease, value);
      state.put(put.key(), row);
      events.add(new Event(put.key(), row, old));
      return new OpResult.Put(
          now(), put.previous() && old != null ? new KeyValue(put.key(), old) : null);
    }

    private OpResult delete(KeyRange range, boolean previous) {
      List<KeyValue> deleted = in(range, state);
      for (KeyValue kv : deleted) {
        state.remove(kv.key());
        events.add(new Event(kv.key(), Row.tombstone(revision + 1), kv.row()));
      }
      return new OpResult.Delete(now(), deleted.size(), previous ? deleted : List.of());
    }
  }

  private static List<KeyValue> in(KeyRange range, SortedMap<Key, Row> state) {
    List<KeyValue> found = new ArrayList<>();
    for (Map.Entry<Key, Row> entry : state.entrySet()) {
      if (range.contains(entry.getKey().bytes())) {
        found.add(new KeyValue(entry.getKey(), entry.getValue()));
      }
    }
    return found;
  }

  private static RangeResult range(RangeQuery query, SortedMap<Key, Row> state, long header) {
    List<KeyValue> all = in(query.range(), state);
    int count = all.size();
    if (query.countOnly()) {
      return new RangeResult(header, List.of(), false, count);
    }
    boolean limited = query.limit() > 0;
    boolean fetchAll = query.order() != RangeQuery.Order.NONE || !query.filter().isNone();
    if (limited && !fetchAll && query.limit() < count) {
      all = new ArrayList<>(all.subList(0, (int) query.limit() + 1));
    }
    all.removeIf(kv -> !passes(query, kv.row()));
    sort(query, all);
    boolean more = limited && all.size() > query.limit();
    if (more) {
      all = all.subList(0, (int) query.limit());
    }
    if (query.keysOnly()) {
      all.replaceAll(kv -> new KeyValue(kv.key(), withoutValue(kv.row())));
    }
    return new RangeResult(header, all, more, count);
  }

  private static boolean passes(RangeQuery query, Row row) {
    long minMod = query.filter().minMod();
    long maxMod = query.filter().maxMod();
    long minCreate = query.filter().minCreate();
    long maxCreate = query.filter().maxCreate();
    return !(maxMod != 0 && row.modRevision() > maxMod)
        && !(minMod != 0 && row.modRevision() < minMod)
        && !(maxCreate != 0 && row.createRevision() > maxCreate)
        && !(minCreate != 0 && row.createRevision() < minCreate);
  }

  private static void sort(RangeQuery query, List<KeyValue> found) {
    Comparator<KeyValue> byTarget =
        switch (query.target()) {
          case KEY -> Comparator.comparing(KeyValue::key);
          case VERSION -> Comparator.comparingLong(kv -> kv.row().version());
          case CREATE -> Comparator.comparingLong(kv -> kv.row().createRevision());
          case MOD -> Comparator.comparingLong(kv -> kv.row().modRevision());
          case VALUE -> (a, b) -> Arrays.compareUnsigned(a.row().value(), b.row().value());
        };
    found.sort(
        query.order() == RangeQuery.Order.DESCEND ? Collections.reverseOrder(byTarget) : byTarget);
  }

  private static Row withoutValue(Row row) {
    return Row.live(
        row.createRevision(), row.modRevision(), row.version(), row.lease(), new byte[0]);
  }
}
