// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import dev.brain.server.mvcc.FaultHistory.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One client of a store whose engine goes wrong. For one thread. */
final class FaultClient implements Runnable {
  private static final String[] KEYS = {"a", "b", "c", "d"};

  private final String name;
  private final Random random;
  private final StoreFixture fixture;
  private final FaultHistory history;
  private final int operations;
  private long newest;
  private long lastMod;

  FaultClient(String name, long seed, StoreFixture fixture, FaultHistory history, int operations) {
    this.name = name;
    this.random = new Random(seed);
    this.fixture = fixture;
    this.history = history;
    this.operations = operations;
  }

  @Override
  public void run() {
    for (int operation = 0; operation < operations; operation++) {
      switch (random.nextInt(4)) {
        case 0 -> read();
        case 1 -> compareAndPut(name + "-" + operation);
        default -> write(name + "-" + operation);
      }
    }
  }

  private String anyKey() {
    return KEYS[random.nextInt(KEYS.length)];
  }

  /** A key that only this client writes; it marks each of its writes. */
  private Key marker() {
    return key("m" + name);
  }

  private Op put(Key key, String value) {
    return Op.Put.of(key, bytes(value), 0);
  }

  private void write(String value) {
    String key = anyKey();
    Op first =
        switch (random.nextInt(6)) {
          case 0 -> new Op.DeleteRange(KeyRange.single(bytes(key)), false);
          case 1 -> new Op.DeleteRange(new KeyRange(bytes("a"), bytes("c")), true);
          default -> put(key(key), value);
        };
    Set<Key> puts = new HashSet<>(Set.of(marker()));
    if (first instanceof Op.Put one) {
      puts.add(one.key());
    }
    send(value, puts, new Txn(List.of(), List.of(first, put(marker(), value)), List.of()));
  }

  private void compareAndPut(String value) {
    KeyRange single = KeyRange.single(bytes(anyKey()));
    Key key = Key.of(single.start());
    Compare unchanged =
        new Compare(single, Compare.Relation.EQUAL, new Compare.Operand.ModRevision(lastMod));
    send(
        value,
        Set.of(key, marker()),
        new Txn(
            List.of(unchanged),
            List.of(put(key, value), put(marker(), value)),
            List.of(new Op.Range(RangeQuery.newest(single)))));
  }

  private void send(String value, Set<Key> puts, Txn txn) {
    long before = newest;
    try {
      TxnResult result = fixture.txn(txn);
      newest = result.revision();
      if (result.succeeded()) {
        assertThat(result.revision()).isGreaterThan(before);
        history.attempt(value, puts, Outcome.DONE, result.revision());
      } else {
        assertThat(result.revision()).isGreaterThanOrEqualTo(before);
        history.attempt(value, puts, Outcome.NOT_APPLIED, 0);
        RangeResult seen = (RangeResult) result.results().getFirst();
        assertThat(seen.revision()).isEqualTo(result.revision());
        see(txn.compares().getFirst().range(), seen);
      }
    } catch (FailureException e) {
      boolean unknown = e.failure() instanceof Failure.OutcomeUnknown;
      history.attempt(value, puts, unknown ? Outcome.UNKNOWN : Outcome.NOT_APPLIED, 0);
    }
  }

  private void see(KeyRange range, RangeResult result) {
    history.read(range, result);
    lastMod = result.keyValues().isEmpty() ? 0 : result.keyValues().getFirst().row().modRevision();
  }

  private void read() {
    KeyRange range = random.nextBoolean() ? KeyRange.all() : KeyRange.single(bytes(anyKey()));
    RangeQuery query = RangeQuery.newest(range);
    try {
      RangeResult result = fixture.store.rangeQuickly(query);
      if (result == null) {
        result = fixture.store.range(query);
      }
      assertThat(result.revision()).as("sees what was answered").isGreaterThanOrEqualTo(newest);
      newest = result.revision();
      see(range, result);
    } catch (FailureException e) {
      assertThat(e.failure()).isInstanceOf(Failure.Unreadable.class);
    }
  }
}
