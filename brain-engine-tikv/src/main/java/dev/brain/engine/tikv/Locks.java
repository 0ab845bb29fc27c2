// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.brain.engine.EngineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.tikv.kvproto.Kvrpcpb;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusRequest;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusResponse;
import org.tikv.kvproto.Kvrpcpb.LockInfo;
import org.tikv.kvproto.Kvrpcpb.ResolveLockRequest;
import org.tikv.shade.com.google.protobuf.ByteString;

/** Gets locks of other commits out of the way. Thread-safe. */
final class Locks {
  /*
   * A lock's commit is decided by its primary key alone:
   *
   *  1. committed or rolled back there: so are all its locks, and whoever meets one finishes it;
   *  2. still locked there: a reader pushes the least timestamp that it may commit at above its own,
   *     and then need not see it;
   *  3. not there (yet): the primary is on its way, or its writer died before. One waits a while, and
   *     then has it rolled back, which also keeps it from arriving later.
   *
   * A writer cannot pass a lock. It waits as long for a commit that makes progress, and then rolls
   * it back: waiting for the lock's own time to pass would let a paused leader hold up its successor.
   */

  /** How long others may take for a commit before they are in doubt. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Stores stores;
  private final TimestampOracle oracle;

  Locks(Stores stores, TimestampOracle oracle) {
    this.stores = stores;
    this.oracle = oracle;
  }

  /** The way of one reader or writer past the locks that it meets. For one thread. */
  final class Passage {
    private final long readAt;
    private final Budget budget;
    private final Set<Long> passed = new HashSet<>();
    private final long begin = System.nanoTime();
    private int tries;

    private Passage(long readAt, Budget budget) {
      this.readAt = readAt;
      this.budget = budget;
    }

    /** The commits that this reader need not see, for {@code Context.resolved_locks}. */
    Set<Long> passed() {
      return passed;
    }

    /**
     * Gets locks out of the way as far as it can, and waits a little if it cannot.
     *
     * @throws EngineException.Unavailable if the budget is spent
     */
    void clear(List<LockInfo> locks) {
      Map<Long, List<LockInfo>> commits = new HashMap<>();
      locks.forEach(
          lock -> commits.computeIfAbsent(lock.getLockVersion(), _ -> new ArrayList<>()).add(lock));
      boolean progress = false;
      for (List<LockInfo> ofOne : commits.values()) {
        progress |= clearOne(ofOne);
      }
      tries++;
      if (budget.isSpent()) {
        throw new EngineException.Unavailable("a key stayed locked by another commit", null);
      }
      if (!progress) {
        budget.pause(tries);
      }
    }

    private boolean clearOne(List<LockInfo> locks) {
      LockInfo lock = locks.getFirst();
      boolean impatient = System.nanoTime() - begin > PATIENCE_NANOS;
      long now = oracle.next(budget);
      boolean dead =
          Timestamps.millis(lock.getLockVersion()) + lock.getLockTtl() < Timestamps.millis(now);
      CheckTxnStatusResponse status =
          check(
              lock,
              isReader() ? readAt : 0,
              impatient && !isReader() ? Timestamps.NOW : now,
              impatient || dead,
              budget);
      if (status.hasError()) {
        return false; // its primary is not there yet
      }
      if (status.getLockTtl() != 0) {
        if (isReader() && status.getAction() == Kvrpcpb.Action.MinCommitTSPushed) {
          return passed.add(lock.getLockVersion());
        }
        return false;
      }
      resolve(locks, status.getCommitVersion(), budget);
      return true;
    }

    private boolean isReader() {
      return readAt != 0;
    }
  }

  /** For reads as of a timestamp. */
  @CheckReturnValue
  Passage forReader(long timestamp, Budget budget) {
    return new Passage(Timestamps.checked(timestamp), budget);
  }

  /** For writes. */
  @CheckReturnValue
  Passage forWriter(Budget budget) {
    return new Passage(0, budget);
  }

  /**
   * Ends a commit for good, whatever state it is in.
   *
   * @return the timestamp at which it is committed, or 0 if it is not and never will be
   * @throws EngineException.Unavailable if the budget was spent before this could be found out
   */
  long end(ByteString primary, long startedAt, Budget budget) {
    return end(
        LockInfo.newBuilder().setPrimaryLock(primary).setLockVersion(startedAt).build(), budget);
  }

  /** As {@link #end(ByteString, long, Budget)}, for the commit that a lock belongs to. */
  long end(LockInfo asked, Budget budget) {
    for (int tries = 1; ; tries++) {
      CheckTxnStatusResponse status =
          check(asked, Timestamps.NOW, Timestamps.NOW, /* rollBackIfAbsent= */ true, budget);
      if (!status.hasError() && status.getLockTtl() == 0) {
        return status.getCommitVersion();
      }
      if (budget.isSpent()) {
        throw Stores.unreachable("a commit can be neither found nor rolled back");
      }
      budget.pause(tries);
    }
  }

  private CheckTxnStatusResponse check(
      LockInfo lock, long readAt, long now, boolean rollBackIfAbsent, Budget budget) {
    if (lock.getUseAsyncCommit() || lock.getLockType() == Kvrpcpb.Op.PessimisticLock) {
      throw new EngineException.Unavailable(
          "a key is locked by a program that is not Brain (expected: a keyspace of its own)", null);
    }
    return stores
        .ask(
            lock.getPrimaryLock(),
            Rpc.CHECK_STATUS,
            region ->
                CheckTxnStatusRequest.newBuilder()
                    .setContext(region.context())
                    .setPrimaryKey(lock.getPrimaryLock())
                    .setLockTs(Timestamps.checked(lock.getLockVersion()))
                    .setCallerStartTs(readAt)
                    .setCurrentTs(now)
                    .setRollbackIfNotExist(rollBackIfAbsent)
                    .build(),
            budget)
        .response();
  }

  /** Makes locks of one commit what it is: committed at a timestamp, or with 0 rolled back. */
  void resolve(List<LockInfo> locks, long committedAt, Budget budget) {
    long startedAt = locks.getFirst().getLockVersion();
    List<ByteString> left = locks.stream().map(LockInfo::getKey).toList();
    for (int tries = 1; !left.isEmpty(); tries++) {
      List<ByteString> undone = new ArrayList<>();
      for (Stores.Group<ByteString> group : stores.group(left, key -> key, budget)) {
        ResolveLockRequest request =
            ResolveLockRequest.newBuilder()
                .setContext(group.region().context())
                .setStartVersion(startedAt)
                .setCommitVersion(committedAt)
                .addAllKeys(group.members())
                .build();
        if (!(stores.send(group.region(), Rpc.RESOLVE_LOCK, request, budget)
            instanceof Answer.Given<?>)) {
          undone.addAll(group.members());
        }
      }
      left = undone;
      if (!left.isEmpty()) {
        if (budget.isSpent()) {
          throw Stores.unreachable("locks cannot be resolved");
        }
        budget.pause(tries);
      }
    }
  }
}
