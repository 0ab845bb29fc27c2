// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes requests that the edge would let pass, many of them about the state of a model. */
final class RandomRequests {
  private static final Key[] KEYS =
      IntStream.range(0, 24).mapToObj(RandomRequests::key).toArray(Key[]::new);
  private static final int LEASES = 6;

  private final Random random;
  private final EtcdModel model;

  RandomRequests(Random random, EtcdModel model) {
    this.random = random;
    this.model = model;
  }

  /** Keys that lie close to each other and hold every awkward byte. */
  private static Key key(int number) {
    String[] names = {
      "\0",
      "\0\0",
      "\0\1",
      "a",
      "a\0",
      "a\0\0",
      "a\0\1",
      "a\0b",
      "a\1",
      "a\u00ff",
      "a/",
      "ab",
      "abc",
      "b",
      "b$",
      "k/1",
      "k/10",
      "k/2",
      "k0",
      "z",
      "\u00fe",
      "\u00ff",
      "\u00ff\0",
      "\u00ff\u00ff"
    };
    return Key.of(names[number].getBytes(StandardCharsets.ISO_8859_1));
  }

  Key key() {
    return KEYS[random.nextInt(KEYS.length)];
  }

  long lease() {
    return 1L + random.nextInt(LEASES);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  KeyRange range() {
    return switch (random.nextInt(8)) {
      case 0 -> new KeyRange(key().bytes(), key().bytes());
      case 1 -> KeyRange.prefix(key().bytes());
      case 2 -> KeyRange.from(key().bytes());
      case 3 -> KeyRange.all();
      default -> KeyRange.single(key().bytes());
    };
  }

  /** Around what is readable: too old, too new, unset, or somewhere in between. */
  long revision() {
    long oldest = Math.max(0, model.compactRevision());
    return switch (random.nextInt(10)) {
      case 0 -> oldest - 2 + random.nextInt(4);
      case 1 -> model.revision() - 1 + random.nextInt(4);
      case 2 -> -1 - random.nextInt(3);
      case 3, 4, 5 -> random.nextLong(oldest, model.revision() + 1);
      default -> 0;
    };
  }

  RangeQuery query() {
    RangeQuery query =
        RangeQuery.newest(range()).atRevision(oneIn(2) ? 0 : revision()).withLimit(limit());
    if (oneIn(2)) {
      return query;
    }
    return new RangeQuery(
        query.range(),
        query.limit(),
        query.revision(),
        any(RangeQuery.Order.values()),
        any(RangeQuery.Target.values()),
        oneIn(2),
        oneIn(4),
        oneIn(4),
        oneIn(3) ? new RevisionFilter(bound(), bound(), bound(), bound()) : RevisionFilter.NONE);
  }

  private long limit() {
    long[] limits = {0, 0, 0, 1, 2, 3, 10, -1, Integer.MAX_VALUE, Long.MAX_VALUE};
    return limits[random.nextInt(limits.length)];
  }

  private long bound() {
    return oneIn(2) ? 0 : oneIn(10) ? -1 : Math.max(0, model.revision() - random.nextInt(300));
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private byte[] value() {
    byte[] value = new byte[oneIn(4) ? 0 : oneIn(30) ? 300 : random.nextInt(6)];
    random.nextBytes(value);
    return value;
  }

  Op.Put put(Key key) {
    boolean ignoreValue = oneIn(10);
    boolean ignoreLease = oneIn(10);
    return new Op.Put(
        key,
        ignoreValue ? new byte[0] : value(),
        ignoreLease || oneIn(2) ? 0 : lease(),
        oneIn(3),
        ignoreValue,
        ignoreLease);
  }

  Compare compare() {
    KeyRange range = oneIn(4) ? range() : KeyRange.single(key().bytes());
    Row row = model.state().get(Key.of(range.start()));
    Compare.Operand operand =
        switch (random.nextInt(11)) {
          case 0 -> new Compare.Operand.Unknown();
          case 1, 2 -> new Compare.Operand.Version(row == null || oneIn(3) ? 0 : row.version());
          case 3, 4 ->
              new Compare.Operand.CreateRevision(
                  row == null || oneIn(3) ? random.nextInt(20) : row.createRevision());
          case 5 -> new Compare.Operand.Lease(row == null ? 0 : row.lease());
          case 6, 7 -> new Compare.Operand.Value(row == null || oneIn(3) ? value() : row.value());
          default -> new Compare.Operand.ModRevision(row == null ? 0 : row.modRevision());
        };
    return new Compare(
        range, oneIn(2) ? Compare.Relation.EQUAL : any(Compare.Relation.values()), operand);
  }

  /** A transaction of one operation, or one with everything in it. */
  Txn txn() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> Txn.of(put(key()));
      case 3 ->
          Txn.of(new Op.DeleteRange(oneIn(4) ? range() : KeyRange.single(key().bytes()), oneIn(2)));
      default -> txn(new Touched(), 0);
    };
  }

  /** A transaction without writes, its compares included. */
  Txn readOnlyTxn() {
    List<Compare> compares = compares();
    return new Txn(compares, List.of(new Op.Range(query()), new Op.Range(query())), List.of());
  }

  private List<Compare> compares() {
    List<Compare> compares = new ArrayList<>();
    for (int count = random.nextInt(3); count > 0; count--) {
      compares.add(compare());
    }
    return compares;
  }

  private Txn txn(Touched touched, int depth) {
    Touched inFailure = new Touched(touched);
    List<Op> success = ops(touched, depth);
    List<Op> failure = ops(inFailure, depth);
    touched.add(inFailure);
    return new Txn(compares(), success, failure);
  }

  private List<Op> ops(Touched touched, int depth) {
    List<Op> ops = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      switch (random.nextInt(7)) {
        case 0 -> {
          KeyRange range = range();
          if (touched.delete(range)) {
            ops.add(new Op.DeleteRange(range, oneIn(2)));
          }
        }
        case 1, 2 -> ops.add(new Op.Range(query()));
        case 3 -> {
          if (depth < 3) {
            ops.add(new Op.Nested(txn(touched, depth + 1)));
          }
        }
        default -> {
          Key key = key();
          if (touched.put(key)) {
            ops.add(put(key));
          }
        }
      }
    }
    return ops;
  }

  /** What a path of a transaction writes: no key may be put twice, or be put and deleted. */
  private static final class Touched {
    private final List<Key> puts = new ArrayList<>();
    private final List<KeyRange> deletes = new ArrayList<>();

    Touched() {}

    Touched(Touched other) {
      add(other);
    }

    void add(Touched other) {
      puts.addAll(other.puts);
      deletes.addAll(other.deletes);
    }

    boolean put(Key key) {
      return !puts.contains(key)
          && deletes.stream().noneMatch(range -> range.contains(key.bytes()))
          && puts.add(key);
    }

    boolean delete(KeyRange range) {
      return puts.stream().noneMatch(key -> range.contains(key.bytes())) && deletes.add(range);
    }
  }
}
