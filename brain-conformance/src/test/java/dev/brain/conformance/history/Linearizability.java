// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * Whether operations have an order that fits both real time and what they were told: the search of
 * Wing and Gong, which tries every operation that may be next, with Lowe's memory of what was tried
 * (which operations are done, and what they have led to). It takes nothing from watches and shares
 * no code with the Checker, so that an error in what the Checker assumes shows here; but its time
 * grows with the number of orders, so that it is for short histories.
 *
 * It knows linearizable reads of the newest versions and writes without leases, and of versions it
 * looks at values and revisions. The revision of a write with an unknown outcome is that with which
 * others have read its value; if nobody has, it does not matter.
 */
final class Linearizability {
  private record Version(String value, long modRevision) {}

  private record State(long revision, Map<String, Version> keys) {}

  private record Tried(BitSet done, State state) {}

  private record Step(int operation, State before) {}

  private final List<Operation> operations;
  private final Map<String, Long> readAt = new HashMap<>();
  private final Set<Tried> tried = new HashSet<>();
  private final BitSet done = new BitSet();

  private Linearizability(List<Operation> operations) {
    this.operations = new ArrayList<>(operations);
    this.operations.sort(Comparator.comparingLong(Operation::called));
    operations.forEach(this::noteValues);
  }

  /** Whether there is such an order. */
  static boolean holds(List<Operation> operations) {
    return new Linearizability(operations).search();
  }

  private boolean search() {
    List<Step> steps = new ArrayList<>();
    State state = new State(1, new TreeMap<>());
    int from = 0;
    while (!finished()) {
      int next = from;
      State after = null;
      // Whoever was called after somebody else had returned, who is not done yet, has to wait.
      long horizon = horizon();
      while (next < operations.size() && operations.get(next).called() <= horizon) {
        if (!done.get(next)) {
          after = after(state, operations.get(next));
          if (after != null && isNew(next, after)) {
            break;
          }
          after = null;
        }
        next++;
      }
      if (after != null) {
        steps.add(new Step(next, state));
        done.set(next);
        state = after;
        from = 0;
      } else if (steps.isEmpty()) {
        return false;
      } else {
        Step last = steps.removeLast();
        done.clear(last.operation());
        state = last.before();
        from = last.operation() + 1;
      }
    }
    return true;
  }

  private boolean isNew(int operation, State after) {
    BitSet all = (BitSet) done.clone();
    all.set(operation);
    return tried.add(new Tried(all, after));
  }

  private boolean finished() {
    return horizon() == Long.MAX_VALUE;
  }

  private long horizon() {
    long horizon = Long.MAX_VALUE;
    for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
      horizon = Math.min(horizon, operations.get(i).until());
    }
    return horizon;
  }

  // The state after an operation; null if it would have been answered differently.
  private @Nullable State after(State state, Operation operation) {
    Map<String, Version> keys = new TreeMap<>(state.keys());
    return switch (operation.outcome()) {
      case Outcome.Refused _ -> state;
      case Outcome.Unknown _ -> {
        Result _ = run(operation.request(), 0, keys);
        long revision = state.revision();
        for (String value : puts(operation.request())) {
          revision = readAt.getOrDefault(value, revision);
        }
        yield revision < state.revision() ? null : new State(revision, keys);
      }
      case Outcome.Answered(long revision, Result result) -> {
        Result expected = run(operation.request(), revision, keys);
        boolean newer = result.changed(operation.request());
        boolean fits = same(result, expected) && revision >= state.revision() + (newer ? 1 : 0);
        yield fits ? new State(revision, keys) : null;
      }
    };
  }

  private Result run(Request request, long revision, Map<String, Version> keys) {
    return switch (request) {
      case Request.Txn txn -> {
        boolean succeeded = true;
        for (Request.Unchanged compare : txn.compares()) {
          Version current = keys.get(compare.key());
          succeeded &= (current == null ? 0 : current.modRevision()) == compare.modRevision();
        }
        List<Result> results = new ArrayList<>();
        for (Request.Op op : succeeded ? txn.success() : txn.failure()) {
          results.add(run(op, revision, keys));
        }
        yield new Result.Branch(succeeded, results);
      }
      case Request.Put(String key, String value, long _) -> {
        long at = revision == 0 ? readAt.getOrDefault(value, -1L) : revision;
        keys.put(key, new Version(value, at));
        yield new Result.Done();
      }
      case Request.Delete(Span span) -> {
        int before = keys.size();
        keys.keySet().removeIf(span::contains);
        yield new Result.Deleted(before - keys.size());
      }
      case Request.Range range -> {
        List<KeyValue> rows = new ArrayList<>();
        keys.forEach(
            (key, version) -> {
              if (range.span().contains(key)) {
                rows.add(new KeyValue(key, version.value(), 0, version.modRevision(), 0, 0));
              }
            });
        boolean cut = range.limit() > 0 && rows.size() > range.limit();
        yield new Result.Rows(cut ? rows.subList(0, (int) range.limit()) : rows, rows.size(), cut);
      }
      case Request.Compact _, Request.Grant _, Request.KeepAlive _, Request.Revoke _ ->
          throw new IllegalArgumentException(request + " is not known here");
    };
  }

  private static boolean same(Result some, Result other) {
    return switch (some) {
      case Result.Rows rows when other instanceof Result.Rows others ->
          rows.count() == others.count()
              && rows.more() == others.more()
              && versions(rows).equals(versions(others));
      case Result.Branch branch when other instanceof Result.Branch others -> {
        boolean same =
            branch.succeeded() == others.succeeded()
                && branch.results().size() == others.results().size();
        for (int i = 0; same && i < branch.results().size(); i++) {
          same = same(branch.results().get(i), others.results().get(i));
        }
        yield same;
      }
      default -> some.equals(other);
    };
  }

  private static Map<String, Version> versions(Result.Rows rows) {
    Map<String, Version> versions = new TreeMap<>();
    for (KeyValue row : rows.keyValues()) {
      versions.put(row.key(), new Version(row.value(), row.modRevision()));
    }
    return versions;
  }

  private void noteValues(Operation operation) {
    if (operation.outcome() instanceof Outcome.Answered(long _, Result result)) {
      noteValues(result);
    }
  }

  private void noteValues(Result result) {
    switch (result) {
      case Result.Rows rows ->
          rows.keyValues().forEach(row -> readAt.put(row.value(), row.modRevision()));
      case Result.Branch branch -> branch.results().forEach(this::noteValues);
      default -> {}
    }
  }

  private static List<String> puts(Request request) {
    List<String> values = new ArrayList<>();
    if (request instanceof Request.Txn txn) {
      txn.success().forEach(op -> values.addAll(puts(op)));
    } else if (request instanceof Request.Put put) {
      values.add(put.value());
    }
    return values;
  }
}
