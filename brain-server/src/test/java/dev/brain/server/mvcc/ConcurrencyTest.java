// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static dev.brain.server.mvcc.StoreFixture.bytes;
import static dev.brain.server.mvcc.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.engine.TrackingEngine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many clients at once on an engine that works, with hardly any cache and with compactions. */
final class ConcurrencyTest {
  private static final int CLIENTS = 8;
  private static final int ACCOUNTS = 10;
  private static final long TOTAL = ACCOUNTS * 100L;

  private final TrackingEngine engine = new TrackingEngine(new MemoryStorage().open());
  private final StoreFixture fixture =
      new StoreFixture(
          engine, new StoreConfig(500, 10_000, 64L << 20, 1L << 20, CountBounds.DEFAULT));
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdown();
    fixture.close();
    engine.assertAllClosed();
    engine.close();
  }

  private static KeyRange single(String key) {
    return KeyRange.single(bytes(key));
  }

  private static Compare unchanged(KeyRange key, long modRevision) {
    return new Compare(key, Compare.Relation.EQUAL, new Compare.Operand.ModRevision(modRevision));
  }

  private static Op put(String key, long number) {
    return Op.Put.of(key(key), bytes(Long.toString(number)), 0);
  }

  private static long number(KeyValue kv) {
    return Long.parseLong(new String(kv.row().value(), StandardCharsets.UTF_8));
  }

  private void together(int count, Callable<?> task) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(threads.submit(task));
    }
    for (Future<?> one : all) {
      one.get();
    }
  }

  @Test
  void compareAndSet_increments_noneIsLost() throws Exception {
    int increments = 500;
    Set<Long> revisions = ConcurrentHashMap.newKeySet();
    together(
        CLIENTS,
        () -> {
          for (int done = 0; done < increments; ) {
            RangeResult now = fixture.get("counter");
            KeyValue old = now.count() == 0 ? null : now.keyValues().getFirst();
            long mod = old == null ? 0 : old.row().modRevision();
            TxnResult result =
                fixture.txn(
                    new Txn(
                        List.of(unchanged(single("counter"), mod)),
                        List.of(put("counter", old == null ? 1 : number(old) + 1)),
                        List.of()));
            if (result.succeeded()) {
              done++;
              assertThat(revisions.add(result.revision())).isTrue();
            }
          }
          return null;
        });
    KeyValue last = fixture.get("counter").keyValues().getFirst();
    assertThat(number(last)).isEqualTo((long) CLIENTS * increments);
    assertThat(last.row().version()).isEqualTo((long) CLIENTS * increments);
    assertThat(revisions).hasSize(CLIENTS * increments);
  }

  @Test
  void transfers_everyReadSeesTheSameSum() throws Exception {
    for (int account = 0; account < ACCOUNTS; account++) {
      fixture.put("account" + account, "100");
    }
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong seeds = new AtomicLong();
    Future<?> compactions =
        threads.submit(
            () -> {
              while (!done.get()) {
                compactBehind();
              }
              return null;
            });
    List<Future<Long>> readers = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      readers.add(threads.submit(() -> readSums(done)));
    }
    together(CLIENTS, () -> transfer(new Random(seeds.incrementAndGet())));
    done.set(true);
    compactions.get();
    for (Future<Long> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
    assertEventsAreAscending();
  }

  private void compactBehind() throws FailureException {
    long at = fixture.store.revision() - 50;
    if (at > fixture.store.compactRevision()) {
      fixture.compact(at);
    }
  }

  private Void transfer(Random random) throws FailureException {
    for (int done = 0; done < 200; ) {
      String from = "account" + random.nextInt(ACCOUNTS);
      String to = "account" + random.nextInt(ACCOUNTS);
      if (from.equals(to)) {
        continue;
      }
      KeyValue source = fixture.get(from).keyValues().getFirst();
      KeyValue target = fixture.get(to).keyValues().getFirst();
      long amount = random.nextInt(20);
      TxnResult result =
          fixture.txn(
              new Txn(
                  List.of(
                      unchanged(single(from), source.row().modRevision()),
                      unchanged(single(to), target.row().modRevision())),
                  List.of(
                      put(from, number(source) - amount),
                      put(to, number(target) + amount),
                      new Op.Range(RangeQuery.newest(KeyRange.prefix(bytes("account"))))),
                  List.of()));
      if (result.succeeded()) {
        done++;
        assertThat(sum((RangeResult) result.results().getLast())).isEqualTo(TOTAL);
        assertSeen(from, result.revision());
      }
    }
    return null;
  }

  /** A read that begins after the answer sees what was answered. */
  private void assertSeen(String key, long revision) throws FailureException {
    assertThat(modRevision(fixture.get(key))).isGreaterThanOrEqualTo(revision);
    RangeQuery query = RangeQuery.newest(single(key));
    assertThat(modRevision(fixture.store.range(query))).isGreaterThanOrEqualTo(revision);
  }

  private static long modRevision(RangeResult result) {
    assertThat(result.count()).isEqualTo(1);
    Row row = result.keyValues().getFirst().row();
    assertThat(row.modRevision()).isLessThanOrEqualTo(result.revision());
    return row.modRevision();
  }

  private long readSums(AtomicBoolean done) throws FailureException {
    long reads = 0;
    RangeQuery accounts = RangeQuery.newest(KeyRange.prefix(bytes("account")));
    do {
      RangeResult now = fixture.store.range(accounts);
      assertThat(sum(now)).isEqualTo(TOTAL);
      long old = Math.max(ACCOUNTS + 1, now.revision() - 30);
      try {
        assertThat(sum(fixture.store.range(accounts.atRevision(old)))).isEqualTo(TOTAL);
      } catch (FailureException e) {
        assertThat(e.failure()).isInstanceOf(Failure.Compacted.class);
      }
      reads++;
    } while (!done.get());
    return reads;
  }

  private static long sum(RangeResult result) {
    assertThat(result.count()).isEqualTo(ACCOUNTS);
    return result.keyValues().stream().mapToLong(ConcurrencyTest::number).sum();
  }

  private void assertEventsAreAscending() {
    long last = 1;
    for (Revision revision : fixture.published) {
      assertThat(revision.number()).isEqualTo(last + 1);
      last = revision.number();
    }
  }

  @Test
  void tooManyRequests_refusedMeansNotApplied() throws Exception {
    try (StoreFixture small =
        new StoreFixture(engine, new StoreConfig(0, 3, 1 << 20, 1 << 20, CountBounds.DEFAULT))) {
      AtomicLong applied = new AtomicLong();
      AtomicLong refused = new AtomicLong();
      together(
          CLIENTS,
          () -> {
            for (int i = 0; i < 2_000; i++) {
              try {
                small.txn(Txn.of(put("key", i)));
                applied.incrementAndGet();
              } catch (FailureException e) {
                assertThat(e.failure()).isEqualTo(new Failure.TooManyRequests());
                refused.incrementAndGet();
              }
            }
            return null;
          });
      assertThat(applied.get() + refused.get()).isEqualTo(CLIENTS * 2_000L);
      assertThat(small.get("key").keyValues().getFirst().row().version()).isEqualTo(applied.get());
      assertThat(small.store.revision()).isEqualTo(1 + applied.get());
    }
  }
}
