// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.kvproto.Kvrpcpb.Action;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusRequest;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusResponse;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * What became of a transaction, by its primary key; whoever asks may decide it. Guarded by the
 * cluster.
 *
 * <p>A commit version is a commit; none and no time to live is a rollback, for ever. While the
 * transaction lives, its commit is pushed behind the reader that asks.
 */
final class TransactionStatus {
  private final Rows rows;

  TransactionStatus(Rows rows) {
    this.rows = rows;
  }

  CheckTxnStatusResponse check(CheckTxnStatusRequest request) {
    rows.raiseMaxTs(request.getLockTs());
    rows.raiseMaxTs(request.getCurrentTs());
    rows.raiseMaxTs(request.getCallerStartTs());
    Row row = rows.at(request.getPrimaryKey());
    Lock lock = row.lockOf(request.getLockTs());
    return lock == null ? checkEnded(request, row) : checkLocked(request, row, lock);
  }

  private static CheckTxnStatusResponse checkEnded(CheckTxnStatusRequest request, Row row) {
    Write end = row.endOf(request.getLockTs());
    if (end == null) {
      if (!request.getRollbackIfNotExist()) {
        throw KeyFailure.txnNotFound(request.getPrimaryKey(), request.getLockTs());
      }
      row.rollback(request.getLockTs(), true);
      return CheckTxnStatusResponse.newBuilder().setAction(Action.LockNotExistRollback).build();
    }
    return CheckTxnStatusResponse.newBuilder()
        .setCommitVersion(end.isRollback() ? 0 : end.commitTs())
        .build();
  }

  private static CheckTxnStatusResponse checkLocked(
      CheckTxnStatusRequest request, Row row, Lock lock) {
    if (lock.isExpired(request.getCurrentTs())) {
      row.rollback(lock.startTs(), false);
      return CheckTxnStatusResponse.newBuilder().setAction(Action.TTLExpireRollback).build();
    }
    long caller = request.getCallerStartTs();
    boolean newest = caller == Timestamps.MAX;
    Lock pushed = lock;
    if (lock.minCommitTs() != 0 && !newest && !Timestamps.after(lock.minCommitTs(), caller)) {
      pushed = lock.withMinCommitTs(Timestamps.latest(caller + 1, request.getCurrentTs()));
      row.lock(pushed);
    }
    boolean passable = newest || (caller != 0 && Timestamps.after(pushed.minCommitTs(), caller));
    ByteString key = request.getPrimaryKey();
    return CheckTxnStatusResponse.newBuilder()
        .setLockTtl(pushed.ttl())
        .setLockInfo(pushed.info(key))
        .setAction(passable ? Action.MinCommitTSPushed : Action.NoAction)
        .build();
  }
}
