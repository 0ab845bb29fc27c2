// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks a store and the model of etcd the same, and demands the same answers, events and history.
 *
 * <p>Writes go to the store in bursts without waiting for answers, so that they are decided on top
 * of each other and committed together; after each burst come reads.
 */
final class ModelRun implements AutoCloseable {
  private static final int MOST_BURST = 60;

  private final Random random;
  private final Supplier<Engine> engines;
  private final StoreConfig config;
  private final int restartEvery;
  private final int compactEvery;
  private final EtcdModel model = new EtcdModel();
  private final RandomRequests requests;
  private final ConcurrentLinkedQueue<Revision> published = new ConcurrentLinkedQueue<>();
  private final Map<Long, Integer> hashes = new HashMap<>();
  private Engine engine;
  private StoreFixture fixture;
  private long checkedThrough = 1;
  private long operations;
  private int sinceRestart;

  ModelRun(
      long seed, Supplier<Engine> engines, StoreConfig config, int compactEvery, int restartEvery) {
    this.random = new Random(seed);
    this.engines = engines;
    this.config = config;
    this.compactEvery = compactEvery;
    this.restartEvery = restartEvery;
    this.requests = new RandomRequests(random, model);
    this.engine = engines.get();
    this.fixture = new StoreFixture(engine, config, published::addAll);
  }

  /** Carries out at least so many requests. */
  void run(long wanted) {
    while (operations < wanted) {
      writeBurst();
      readBurst();
      checkEvents();
      checkLeases();
      if (sinceRestart > restartEvery) {
        restart();
      }
    }
  }

  // ------------------------------------------------------------------ writes

  /** A request that was sent, with what the model says to it. */
  private static final class Sent<T> implements Completion<T> {
    private final Object request;
    private final Object expected;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Object answer = "none";

    Sent(Object request, Object expected) {
      this.request = request;
      this.expected = expected;
    }

    @Override
    public void complete(T result) {
      answer = result;
      answered.countDown();
    }

    @Override
    public void fail(Failure failure) {
      answer = failure;
      answered.countDown();
    }

    void check() {
      try {
        if (!answered.await(60, TimeUnit.SECONDS)) {
          throw new AssertionError("no answer: " + request);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      same(request, answer, expected);
    }
  }

  private interface Question {
    Object ask() throws FailureException;
  }

  private static Object answerOf(Question question) {
    try {
      return question.ask();
    } catch (FailureException e) {
      return e.failure();
    }
  }

  private void writeBurst() {
    List<Sent<?>> burst = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_BURST); left > 0; left--) {
      burst.add(write());
      operations++;
      sinceRestart++;
    }
    burst.forEach(Sent::check);
  }

  private Sent<?> write() {
    int kind = random.nextInt(30);
    if (kind == 0) {
      long lease = requests.lease();
      Sent<Long> sent = new Sent<>("grant " + lease, answerOf(() -> model.grant(lease)));
      fixture.store.grantLease(new LeaseRecord(lease, 60), sent);
      return sent;
    }
    if (kind == 1) {
      long lease = requests.lease();
      Sent<Long> sent = new Sent<>("revoke " + lease, answerOf(() -> model.revoke(lease)));
      fixture.store.revokeLease(lease, sent);
      return sent;
    }
    if (random.nextInt(compactEvery) == 0) {
      return compact();
    }
    Txn txn = requests.txn();
    Sent<dev.brain.server.kv.TxnResult> sent = new Sent<>(txn, answerOf(() -> model.txn(txn)));
    fixture.store.txn(txn, sent);
    return sent;
  }

  /** Compacts at a revision that was answered already, or at a wrong one. */
  private Sent<?> compact() {
    long visible = fixture.store.revision();
    long oldest = model.compactRevision();
    long at =
        requests.oneIn(4) || visible <= oldest
            ? oldest - 1 + random.nextInt(2)
            : random.nextLong(oldest, visible + 1);
    boolean physical = requests.oneIn(2);
    Sent<Long> sent = new Sent<>("compact " + at, answerOf(() -> model.compact(at)));
    fixture.store.compact(at, physical, sent);
    return sent;
  }

  // ------------------------------------------------------------------ reads

  private void readBurst() {
    for (int left = random.nextInt(MOST_BURST); left > 0; left--) {
      operations++;
      switch (random.nextInt(12)) {
        case 0 -> readOnlyTxn();
        case 1 -> log();
        case 2 -> hash();
        default -> range();
      }
    }
  }

  private void range() {
    RangeQuery query = requests.query();
    Object expected = answerOf(() -> model.range(query));
    same(query, answerOf(() -> fixture.store.range(query)), expected);
    if (query.range().isSingle() && query.revision() <= 0) {
      same(query, answerOf(() -> quickly(query)), expected);
    }
  }

  private RangeResult quickly(RangeQuery query) throws FailureException {
    RangeResult result = fixture.store.rangeQuickly(query);
    return result == null ? fixture.store.range(query) : result;
  }

  private void readOnlyTxn() {
    Txn txn = requests.readOnlyTxn();
    same(
        txn,
        answerOf(() -> fixture.store.read(txn, ReadMeter.UNLIMITED)),
        answerOf(() -> model.txn(txn)));
  }

  private static void same(Object request, Object answer, Object expected) {
    if (!Answers.same(answer, expected)) {
      assertThat(Answers.text(answer)).as(request.toString()).isEqualTo(Answers.text(expected));
    }
  }

  private void log() {
    KeyRange range = requests.range();
    long from = Math.max(1, requests.revision());
    int most = 1 + random.nextInt(20);
    long bytes = random.nextInt(2000);
    long through = model.revision();
    try {
      RevisionBatch batch = fixture.store.log().read(range, from, through, most, bytes);
      same("log", batch.revisions(), logged(range, from, batch.next() - 1));
      assertThat(batch.revisions()).hasSizeLessThanOrEqualTo(most);
      if (batch.next() <= through) {
        long read =
            batch.revisions().stream()
                .flatMap(revision -> revision.events().stream())
                .mapToLong(ModelRun::bytes)
                .sum();
        assertThat(batch.revisions().size() == most || read > bytes).isTrue();
      }
    } catch (FailureException e) {
      assertThat(e.failure()).isEqualTo(new Failure.Compacted(model.compactRevision()));
      assertThat(from).isLessThan(model.compactRevision());
    }
  }

  private List<Revision> logged(KeyRange range, long from, long through) {
    return from > through ? List.of() : model.events(range, from, through);
  }

  private static long bytes(dev.brain.server.kv.Event event) {
    var previous = event.previous();
    return (long) event.key().bytes().length
        + event.row().bytes().length
        + (previous == null ? 0 : previous.bytes().length);
  }

  /** What a revision hashed to once it hashes to for ever. */
  private void hash() {
    long at = requests.revision();
    try {
      StoreHash hash = fixture.store.hash(at);
      assertThat(hash.hashRevision()).isEqualTo(at > 0 ? at : model.revision());
      assertThat(hash.revision()).isEqualTo(model.revision());
      assertThat(hash.compactRevision()).isEqualTo(Math.max(0, model.compactRevision()));
      Integer before = hashes.putIfAbsent(hash.hashRevision(), hash.hash());
      assertThat(before).isIn(null, hash.hash());
    } catch (FailureException e) {
      assertThat(e.failure())
          .isEqualTo(answerOf(() -> model.range(RangeQuery.newest(KeyRange.all()).atRevision(at))));
    }
  }

  // ------------------------------------------------------------------ what else can be seen

  /** Events may be published a moment after the answers; those that were, in order and equal. */
  private void checkEvents() {
    for (Revision next = published.poll(); next != null; next = published.poll()) {
      same("revision", next.number(), checkedThrough + 1);
      if (next.number() >= model.compactRevision()) {
        List<Revision> expected = model.events(KeyRange.all(), next.number(), next.number());
        same("events", List.of(next), expected);
      }
      checkedThrough = next.number();
    }
  }

  private void checkLeases() {
    TreeSet<Long> leases =
        fixture.store.leases().stream()
            .map(LeaseRecord::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(leases).isEqualTo(model.leases());
    long lease = requests.lease();
    List<Key> keys = fixture.store.leaseKeys(lease);
    if (!keys.equals(model.leaseKeys(lease))) {
      assertThat(keys).isEqualTo(model.leaseKeys(lease));
    }
    assertThat(fixture.store.revision()).isEqualTo(model.revision());
    assertThat(fixture.store.compactRevision()).isEqualTo(Math.max(0, model.compactRevision()));
  }

  private void restart() {
    sinceRestart = 0;
    fixture.close();
    engine.close();
    checkEvents();
    assertThat(checkedThrough).isEqualTo(model.revision());
    hashes.keySet().removeIf(revision -> revision < model.compactRevision());
    engine = engines.get();
    fixture = new StoreFixture(engine, config, published::addAll);
    checkLeases();
  }

  @Override
  public void close() {
    fixture.close();
    engine.close();
    checkEvents();
  }
}
