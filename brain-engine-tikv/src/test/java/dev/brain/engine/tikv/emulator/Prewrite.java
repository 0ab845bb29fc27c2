// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.Assertion;
import org.tikv.kvproto.Kvrpcpb.AssertionLevel;
import org.tikv.kvproto.Kvrpcpb.KeyError;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * The first phase of one request, or its only one. Lives for one request; guarded by the cluster.
 *
 * <p>Every mutation is checked before anything changes. Which failure is told, if there are
 * several, is TiKV's choice: a conflict or an existing key at once, the first failed assertion
 * before any lock, all locks together.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>All keys of the request are locked (or committed), or none is.
 *   <li>Repeating a request changes nothing: a lock that is the transaction's own counts as taken,
 *       and a transaction that is committed is answered with its commit.
 *   <li>A transaction that was rolled back at a key is refused there for ever.
 *   <li>A commit in one phase is later than its start and than every read before it.
 * </ol>
 */
final class Prewrite {
  private final Rows rows;
  private final PrewriteRequest request;
  private final long startTs;
  private final Map<ByteString, Lock> locks = new LinkedHashMap<>();
  private final List<KeyError> foreignLocks = new ArrayList<>();
  private @Nullable KeyFailure failedAssertion;
  private boolean onePhase;

  private Prewrite(Rows rows, PrewriteRequest request) {
    this.rows = rows;
    this.request = request;
    this.startTs = request.getStartVersion();
    this.onePhase = request.getTryOnePc();
  }

  static PrewriteResponse execute(Rows rows, PrewriteRequest request) {
    if (request.getUseAsyncCommit() || request.getForUpdateTs() != 0) {
      throw KeyFailure.abort("asynchronous commit and pessimistic locks are not emulated");
    }
    return new Prewrite(rows, request).execute();
  }

  private PrewriteResponse execute() {
    for (Mutation mutation : request.getMutationsList()) {
      Row row = rows.find(mutation.getKey());
      try {
        check(mutation, row);
      } catch (KeyFailure failure) {
        Write end = row == null ? null : row.endOf(startTs);
        if (end != null && !end.isRollback() && mayBeRepetition(failure.error())) {
          return answer(end.commitTs());
        }
        if (!failure.error().hasLocked()) {
          throw failure;
        }
        foreignLocks.add(failure.error());
      }
    }
    if (failedAssertion != null) {
      throw failedAssertion;
    }
    if (!foreignLocks.isEmpty()) {
      return PrewriteResponse.newBuilder().addAllErrors(foreignLocks).build();
    }
    return onePhase ? commit() : lock();
  }

  private void check(Mutation mutation, @Nullable Row row) {
    ByteString key = mutation.getKey();
    boolean mustBeAbsent = mutation.getOp() == Op.Insert || mutation.getOp() == Op.CheckNotExists;
    if (mustBeAbsent) {
      rows.raiseMaxTs(startTs);
    }
    Lock lock = row == null ? null : row.lock();
    if (lock != null) {
      if (lock.startTs() != startTs) {
        throw KeyFailure.locked(key, lock);
      }
      onePhase = false;
      return;
    }
    Write newest = row == null ? null : row.newest();
    if (newest != null) {
      checkOrder(key, newest);
    }
    Write version = row == null ? null : row.versionAt(Timestamps.MAX);
    if (mustBeAbsent && version != null) {
      throw KeyFailure.alreadyExists(key);
    }
    if (!holds(mutation.getAssertion(), version)) {
      if (failedAssertion == null) {
        failedAssertion = KeyFailure.assertion(key, startTs, mutation.getAssertion(), version);
      }
      return;
    }
    if (mutation.getOp() != Op.CheckNotExists) {
      locks.put(key, newLock(mutation));
    }
  }

  private void checkOrder(ByteString key, Write newest) {
    if (Timestamps.after(newest.commitTs(), startTs)) {
      throw KeyFailure.conflict(
          key, request.getPrimaryLock(), startTs, newest.startTs(), newest.commitTs());
    }
    boolean endsHere = newest.commitTs() == startTs;
    if (endsHere && (newest.isRollback() || newest.overlapped())) {
      throw KeyFailure.conflict(key, request.getPrimaryLock(), startTs, startTs, startTs);
    }
  }

  private boolean holds(Assertion assertion, @Nullable Write version) {
    if (request.getAssertionLevel() == AssertionLevel.Off) {
      return true;
    }
    return switch (assertion) {
      case Exist -> version != null;
      case NotExist -> version == null;
      default -> true;
    };
  }

  private Lock newLock(Mutation mutation) {
    Op op =
        switch (mutation.getOp()) {
          case Put, Insert -> Op.Put;
          case Del -> Op.Del;
          case Lock -> Op.Lock;
          default -> throw KeyFailure.abort(mutation.getOp() + " is not emulated");
        };
    return new Lock(
        op,
        request.getPrimaryLock(),
        mutation.getValue(),
        startTs,
        request.getLockTtl(),
        request.getMinCommitTs(),
        request.getTxnSize());
  }

  private boolean mayBeRepetition(KeyError error) {
    boolean later =
        error.hasConflict() && Timestamps.after(error.getConflict().getConflictCommitTs(), startTs);
    return later || error.hasLocked();
  }

  private PrewriteResponse lock() {
    locks.forEach((key, lock) -> rows.at(key).lock(lock));
    return PrewriteResponse.getDefaultInstance();
  }

  private PrewriteResponse commit() {
    long after = Timestamps.latest(rows.maxTs(), startTs) + 1;
    long commitTs = Timestamps.latest(after, request.getMinCommitTs());
    locks.forEach((key, lock) -> rows.at(key).commit(lock, commitTs));
    return answer(commitTs);
  }

  /** A commit is told of only to who asked for one phase; others learn it when they commit. */
  private PrewriteResponse answer(long commitTs) {
    return request.getTryOnePc()
        ? PrewriteResponse.newBuilder().setOnePcCommitTs(commitTs).build()
        : PrewriteResponse.getDefaultInstance();
  }
}
