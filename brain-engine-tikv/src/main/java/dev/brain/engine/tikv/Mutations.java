// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.Condition;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.Assertion;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.shade.com.google.protobuf.ByteString;

/** A batch as TiKV takes it: one mutation for each key that it writes or requires something of. */
final class Mutations {
  /*
   * A condition becomes part of the mutation of its key, so that TiKV decides it together with the
   * rest and nobody has to read first: Insert and an assertion on the key's existence. A key that is
   * required but not written gets a lock-only mutation. Either way the key takes part in the
   * conflict check: whoever changed it after our start makes us begin anew.
   *
   * TiKV cannot compare values. Such a condition, and several on one key, are decided by reading as of
   * the start; the mutation then carries the conflict check alone.
   *
   * Ranges are deleted key by key: TiKV's own deletion of ranges is neither atomic nor visible to
   * snapshots.
   */

  /** TiKV refuses values above 8 MiB, the size of an entry in its log. */
  private static final int MAX_VALUE_BYTES = 6 << 20;

  /** For a whole batch with all that it deletes; TiKV keeps the locks of a commit in memory. */
  private static final long MAX_BYTES = 128 << 20;

  private static final int LIST_ROWS = 4_096;

  private final Keyspace keyspace;
  private final WriteBatch batch;
  private final NavigableMap<ByteString, ByteString> puts = new TreeMap<>(Keyspace.ORDER);
  private final NavigableMap<ByteString, List<Condition>> conditions =
      new TreeMap<>(Keyspace.ORDER);

  /** Keys to delete; none of them is among the puts. */
  private final NavigableMap<ByteString, Boolean> deletes = new TreeMap<>(Keyspace.ORDER);

  private long bytes;

  private Mutations(Keyspace keyspace, WriteBatch batch) {
    this.keyspace = keyspace;
    this.batch = batch;
  }

  /**
   * Works out what a batch does to the rows as of a timestamp.
   *
   * @throws IllegalArgumentException if the batch is more than TiKV takes
   */
  static Mutations of(
      Keyspace keyspace, WriteBatch batch, Reader reader, long startedAt, Budget budget) {
    Mutations mutations = new Mutations(keyspace, batch);
    for (WriteBatch.Operation operation : batch.operations()) {
      switch (operation) {
        case WriteBatch.Operation.Put(Space space, byte[] key, byte[] value) ->
            mutations.put(keyspace.key(space, key), value);
        case WriteBatch.Operation.Delete(Space space, byte[] key) ->
            mutations.delete(keyspace.key(space, key));
        case WriteBatch.Operation.DeleteRange(Space space, KeyRange range) -> {
          if (!range.isEmpty()) {
            mutations.delete(
                keyspace.start(space, range),
                keyspace.end(space, range),
                reader,
                startedAt,
                budget);
          }
        }
      }
    }
    for (Condition condition : batch.conditions()) {
      ByteString key = keyspace.key(condition.space(), condition.key());
      mutations.conditions.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(condition);
      mutations.count(key, 0);
    }
    return mutations;
  }

  private void put(ByteString key, byte[] value) {
    count(key, value.length);
    deletes.remove(key);
    puts.put(key, ByteString.copyFrom(value));
  }

  private void delete(ByteString key) {
    count(key, 0);
    puts.remove(key);
    deletes.put(key, true);
  }

  private void delete(
      ByteString start, ByteString end, Reader reader, long startedAt, Budget budget) {
    List.copyOf(puts.subMap(start, end).keySet()).forEach(this::delete);
    ByteString from = start;
    while (from != null) {
      Reader.Page page =
          reader.scan(
              from, end, /* reverse= */ false, /* keysOnly= */ true, LIST_ROWS, startedAt, budget);
      page.pairs().forEach(pair -> delete(pair.getKey()));
      from = page.rest();
    }
  }

  private void count(ByteString key, int valueBytes) {
    if (key.size() > Keyspace.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key of "
              + key.size()
              + " bytes (expected: at most "
              + Keyspace.MAX_KEY_BYTES
              + ", keyspace included)");
    }
    if (valueBytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "a value of " + valueBytes + " bytes (expected: at most " + MAX_VALUE_BYTES + ")");
    }
    bytes += key.size() + valueBytes;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a batch of more than " + MAX_BYTES + " bytes, deleted keys included");
    }
  }

  /** The key that decides for all: the first that is required, else any. */
  ByteString primary() {
    return batch.conditions().stream()
        .findFirst()
        .map(condition -> keyspace.key(condition.space(), condition.key()))
        .orElseGet(() -> puts.isEmpty() ? deletes.firstKey() : puts.firstKey());
  }

  /** Those conditions that must be decided by reading as of the start. */
  Collection<Condition> unassertable() {
    return conditions.values().stream()
        .filter(ofKey -> !isAssertable(ofKey))
        .flatMap(List::stream)
        .toList();
  }

  private static boolean isAssertable(List<Condition> ofKey) {
    return ofKey.size() == 1 && !(ofKey.getFirst() instanceof Condition.Holds);
  }

  /** Whether there is nothing to do: no key is written and none is required. */
  boolean isEmpty() {
    return puts.isEmpty() && deletes.isEmpty() && conditions.isEmpty();
  }

  /** All mutations, in the order of their keys. */
  List<Mutation> all() {
    NavigableMap<ByteString, Mutation> all = new TreeMap<>(Keyspace.ORDER);
    puts.forEach(
        (key, value) -> {
          boolean insert = condition(key) instanceof Condition.Absent;
          all.put(
              key,
              mutation(key, insert ? Op.Insert : Op.Put, insert ? null : condition(key))
                  .setValue(value)
                  .build());
        });
    for (ByteString key : deletes.keySet()) {
      // To delete what must be absent changes nothing.
      Op op = condition(key) instanceof Condition.Absent ? Op.Lock : Op.Del;
      all.put(key, mutation(key, op, condition(key)).build());
    }
    for (Map.Entry<ByteString, List<Condition>> required : conditions.entrySet()) {
      ByteString key = required.getKey();
      all.computeIfAbsent(key, _ -> mutation(key, Op.Lock, condition(key)).build());
    }
    return List.copyOf(all.values());
  }

  /** What TiKV is to decide about a key. */
  private @Nullable Condition condition(ByteString key) {
    List<Condition> ofKey = conditions.get(key);
    return ofKey == null || !isAssertable(ofKey) ? null : ofKey.getFirst();
  }

  private static Mutation.Builder mutation(ByteString key, Op op, @Nullable Condition condition) {
    Assertion assertion =
        switch (condition) {
          case Condition.Exists _ -> Assertion.Exist;
          case Condition.Absent _ -> Assertion.NotExist;
          case null, default -> Assertion.None;
        };
    return Mutation.newBuilder().setOp(op).setKey(key).setAssertion(assertion);
  }
}
