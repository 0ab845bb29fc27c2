// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.awaitility.Awaitility.await;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.server.event.RevisionListener;
import dev.brain.server.kv.Compare;
import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A started store over an engine, with calls that wait for their answers. */
final class StoreFixture implements AutoCloseable {
  final Store store;
  final List<Revision> published = new CopyOnWriteArrayList<>();
  final List<Long> granted = new CopyOnWriteArrayList<>();
  final List<Long> revoked = new CopyOnWriteArrayList<>();
  final AtomicInteger deposed = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  StoreFixture(Engine engine) {
    this(engine, StoreConfig.DEFAULT);
  }

  StoreFixture(Engine engine, StoreConfig config) {
    store = Store.open(engine, config, new Random(1));
    store.start(collaborators(published::addAll), threads);
  }

  StoreFixture(Engine engine, StoreConfig config, RevisionListener listener) {
    store = Store.open(engine, config, new Random(1));
    store.start(collaborators(listener), threads);
  }

  private Collaborators collaborators(RevisionListener listener) {
    LeaseListener leases =
        new LeaseListener() {
          @Override
          public void granted(LeaseRecord lease) {
            granted.add(lease.id());
          }

          @Override
          public void revoked(long leaseId) {
            revoked.add(leaseId);
          }
        };
    return new Collaborators(listener, leases, WriteGate.OPEN, deposed::incrementAndGet);
  }

  /** The events of a revision that was answered; they are published right behind the answer. */
  Revision awaitPublished(long revision) {
    await().until(() -> published.stream().anyMatch(one -> one.number() == revision));
    return published.stream().filter(one -> one.number() == revision).findFirst().orElseThrow();
  }

  /** A completion that can be waited for. */
  static final class Waiting<T> implements Completion<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();

    @Override
    public void complete(T result) {
      if (!future.complete(result)) {
        throw new IllegalStateException("completed twice");
      }
    }

    @Override
    public void fail(Failure failure) {
      if (!future.completeExceptionally(new FailureException(failure))) {
        throw new IllegalStateException("completed twice");
      }
    }

    boolean isDone() {
      return future.isDone();
    }

    /** The failure this ends with; it must not be a result. */
    Failure failure() {
      try {
        throw new AssertionError("answered: " + await());
      } catch (FailureException e) {
        return e.failure();
      }
    }

    T await() throws FailureException {
      try {
        return future.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof FailureException failure) {
          throw failure;
        }
        throw new AssertionError(e);
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }

  TxnResult txn(Txn txn) throws FailureException {
    return start(txn).await();
  }

  Waiting<TxnResult> start(Txn txn) {
    Waiting<TxnResult> waiting = new Waiting<>();
    store.txn(txn, waiting);
    return waiting;
  }

  Waiting<TxnResult> startPut(String key, String value) {
    return start(Txn.of(Op.Put.of(key(key), bytes(value), 0)));
  }

  Waiting<TxnResult> startPut(String key, long lease) {
    return start(Txn.of(Op.Put.of(key(key), bytes(""), lease)));
  }

  /** A transaction that fails its compare if the key exists, and reads the key then. */
  Waiting<TxnResult> startCreate(String key, String value) {
    KeyRange single = KeyRange.single(bytes(key));
    return start(
        new Txn(
            List.of(
                new Compare(single, Compare.Relation.EQUAL, new Compare.Operand.ModRevision(0))),
            List.of(Op.Put.of(key(key), bytes(value), 0)),
            List.of(new Op.Range(RangeQuery.newest(single)))));
  }

  Waiting<Long> startGrant(long id) {
    Waiting<Long> waiting = new Waiting<>();
    store.grantLease(new LeaseRecord(id, 60), waiting);
    return waiting;
  }

  Waiting<Long> startRevoke(long id) {
    Waiting<Long> waiting = new Waiting<>();
    store.revokeLease(id, waiting);
    return waiting;
  }

  Waiting<Long> startCompact(long revision, boolean physical) {
    Waiting<Long> waiting = new Waiting<>();
    store.compact(revision, physical, waiting);
    return waiting;
  }

  long put(String key, String value) throws FailureException {
    return txn(Txn.of(Op.Put.of(key(key), bytes(value), 0))).revision();
  }

  long delete(String key) throws FailureException {
    return txn(Txn.of(new Op.DeleteRange(KeyRange.single(bytes(key)), false))).revision();
  }

  void compact(long revision) throws FailureException {
    startCompact(revision, true).await();
  }

  long grant(long id, long ttl) throws FailureException {
    Waiting<Long> waiting = new Waiting<>();
    store.grantLease(new LeaseRecord(id, ttl), waiting);
    return waiting.await();
  }

  long revoke(long id) throws FailureException {
    return startRevoke(id).await();
  }

  RangeResult get(String key) throws FailureException {
    RangeQuery query = RangeQuery.newest(KeyRange.single(bytes(key)));
    RangeResult quick = store.rangeQuickly(query);
    return quick == null ? store.range(query) : quick;
  }

  RangeResult all(long revision) throws FailureException {
    return store.range(RangeQuery.newest(KeyRange.all()).atRevision(revision));
  }

  /** Counts all keys. */
  static RangeQuery count() {
    return count(KeyRange.all(), 0);
  }

  /** Counts the keys of a range at a revision. */
  static RangeQuery count(KeyRange range, long revision) {
    return new RangeQuery(
        range,
        0,
        revision,
        RangeQuery.Order.NONE,
        RangeQuery.Target.KEY,
        false,
        false,
        true,
        RevisionFilter.NONE);
  }

  static Key key(String text) {
    return Key.of(bytes(text));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    store.close();
    threads.shutdown();
  }
}
