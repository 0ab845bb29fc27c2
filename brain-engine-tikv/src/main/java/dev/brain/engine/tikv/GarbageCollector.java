// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tikv.kvproto.Kvrpcpb.LockInfo;
import org.tikv.kvproto.Kvrpcpb.ScanLockRequest;
import org.tikv.kvproto.Kvrpcpb.ScanLockResponse;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Lets TiKV drop versions that nobody can read any more. Nothing in TiKV does so by itself; where
 * TiDB runs on the same cluster, it does.
 */
final class GarbageCollector {
  /*
   * A safe point is a timestamp up to which TiKV keeps only the newest version of each key. It holds
   * for the whole cluster and only ever rises. Before it rises,
   *
   *  1. everybody who still reads below it must have had a chance to say so: the placement driver
   *     knows the least of what all services want, and nobody goes above it;
   *  2. no lock may be left below it, of nobody's commit: what became of a commit is written at its
   *     primary key, and would be dropped.
   *
   * The engine that commits does this. Two that do it at once (two Brain clusters in one TiKV; or a
   * leader that was deposed a moment ago) do each other no harm: neither step undoes anything.
   */
  private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);

  /** The name under which TiDB's collector is known to the placement driver; there is one. */
  private static final ByteString SERVICE = ByteString.copyFromUtf8("gc_worker");

  private static final int PAGE_LOCKS = 1_024;

  private final PlacementDriver driver;
  private final TimestampOracle oracle;
  private final Stores stores;
  private final Locks locks;
  private final Duration life;
  private final Supplier<Budget> budgets;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private long reached;

  /**
   * A collector that has nothing to do yet.
   *
   * @param life how long versions are kept that are not the newest
   * @param budgets for each of the many requests of a step
   */
  GarbageCollector(
      PlacementDriver driver,
      TimestampOracle oracle,
      Stores stores,
      Locks locks,
      Duration life,
      Supplier<Budget> budgets) {
    this.driver = driver;
    this.oracle = oracle;
    this.stores = stores;
    this.locks = locks;
    this.life = life;
    this.budgets = budgets;
  }

  /** Takes note of a commit: this engine writes, and the next step is its. */
  void committed() {
    if (!isDue.get()) {
      isDue.set(true);
    }
  }

  /**
   * Does a step if this engine committed since the last one. Never throws; one thread at a time.
   */
  void stepIfDue() {
    if (isDue.getAndSet(false)) {
      try {
        step();
      } catch (EngineException e) {
        log.warn("garbage collection goes on later: {}", e.getMessage());
      }
    }
  }

  /**
   * Raises the safe point as far as it may rise.
   *
   * @return whether it rose
   */
  boolean step() {
    long wanted = Timestamps.before(oracle.next(budgets.get()), life);
    long allowed = announce(wanted);
    long safe = Long.compareUnsigned(allowed, wanted) < 0 ? allowed : wanted;
    if (safe <= reached) {
      return false;
    }
    clearLocks(safe);
    raise(safe);
    reached = safe;
    log.debug("versions replaced before {} are dropped", Timestamps.millis(safe));
    return true;
  }

  /** Says how far this collector wants to go; the answer is how far all services let it. */
  private long announce(long wanted) {
    return driver
        .ask(
            PlacementDriver.SERVICE_SAFE_POINT,
            header ->
                Pdpb.UpdateServiceGCSafePointRequest.newBuilder()
                    .setHeader(header)
                    .setServiceId(SERVICE)
                    .setTTL(Long.MAX_VALUE) // seconds, and demanded of this service
                    .setSafePoint(wanted)
                    .build(),
            budgets.get())
        .getMinSafePoint();
  }

  private void clearLocks(long safe) {
    ByteString from = ByteString.EMPTY;
    do {
      ByteString start = from;
      Stores.Located<ScanLockResponse> located =
          stores.ask(
              start,
              Rpc.SCAN_LOCK,
              region ->
                  ScanLockRequest.newBuilder()
                      .setContext(region.context())
                      .setMaxVersion(Timestamps.checked(safe))
                      .setStartKey(start)
                      .setLimit(PAGE_LOCKS)
                      .build(),
              budgets.get());
      if (located.response().hasError()) {
        throw new EngineException.Unavailable(
            "TiKV refused to list locks: " + located.response().getError().getAbort(), null);
      }
      List<LockInfo> found = located.response().getLocksList();
      clear(found);
      // A page that is full is asked for again, without the locks that are gone.
      if (found.size() < PAGE_LOCKS) {
        from = located.region().end();
        if (from.isEmpty()) {
          return;
        }
      }
    } while (!Thread.currentThread().isInterrupted());
    throw new EngineException.Closed("the engine is closed");
  }

  private void clear(List<LockInfo> found) {
    Map<Long, List<LockInfo>> commits = new HashMap<>();
    found.forEach(
        lock -> commits.computeIfAbsent(lock.getLockVersion(), _ -> new ArrayList<>()).add(lock));
    for (List<LockInfo> ofOne : commits.values()) {
      Budget budget = budgets.get();
      long committedAt = locks.end(ofOne.getFirst(), budget);
      locks.resolve(ofOne, committedAt, budget);
    }
  }

  private void raise(long safe) {
    long raised =
        driver
            .ask(
                PlacementDriver.SAFE_POINT,
                header ->
                    Pdpb.UpdateGCSafePointRequest.newBuilder()
                        .setHeader(header)
                        .setSafePoint(safe)
                        .build(),
                budgets.get())
            .getNewSafePoint();
    if (raised < safe) {
      throw new EngineException.Unavailable("the placement driver keeps the safe point", null);
    }
  }
}
