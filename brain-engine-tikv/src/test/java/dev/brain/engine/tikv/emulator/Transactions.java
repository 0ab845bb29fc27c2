// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackRequest;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackResponse;
import org.tikv.kvproto.Kvrpcpb.CleanupRequest;
import org.tikv.kvproto.Kvrpcpb.CleanupResponse;
import org.tikv.kvproto.Kvrpcpb.CommitRequest;
import org.tikv.kvproto.Kvrpcpb.CommitResponse;
import org.tikv.kvproto.Kvrpcpb.ResolveLockRequest;
import org.tikv.kvproto.Kvrpcpb.ResolveLockResponse;
import org.tikv.kvproto.Kvrpcpb.ScanLockRequest;
import org.tikv.kvproto.Kvrpcpb.ScanLockResponse;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatRequest;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatResponse;
import org.tikv.kvproto.Kvrpcpb.TxnInfo;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * How prewritten transactions end, by their owner or by who finds their locks. A request ends all
 * of its keys or none. Guarded by the cluster.
 */
final class Transactions {
  private final Rows rows;

  Transactions(Rows rows) {
    this.rows = rows;
  }

  CommitResponse commit(CommitRequest request) {
    commit(request.getKeysList(), request.getStartVersion(), request.getCommitVersion());
    return CommitResponse.newBuilder().setCommitVersion(request.getCommitVersion()).build();
  }

  BatchRollbackResponse rollback(BatchRollbackRequest request) {
    rollback(request.getKeysList(), request.getStartVersion());
    return BatchRollbackResponse.getDefaultInstance();
  }

  CleanupResponse cleanup(CleanupRequest request) {
    rows.raiseMaxTs(request.getStartVersion());
    Row row = rows.at(request.getKey());
    Lock lock = row.lockOf(request.getStartVersion());
    if (lock != null && request.getCurrentTs() != 0 && !lock.isExpired(request.getCurrentTs())) {
      throw KeyFailure.locked(request.getKey(), lock);
    }
    Write end = row.endOf(request.getStartVersion());
    if (end != null && !end.isRollback()) {
      return CleanupResponse.newBuilder().setCommitVersion(end.commitTs()).build();
    }
    row.rollback(request.getStartVersion(), true);
    return CleanupResponse.getDefaultInstance();
  }

  /**
   * Ends transactions whose fate is known: at the named keys, or at all they have locked in the
   * region.
   */
  ResolveLockResponse resolve(Region region, ResolveLockRequest request) {
    if (request.getKeysCount() > 0) {
      end(request.getKeysList(), request.getStartVersion(), request.getCommitVersion());
      return ResolveLockResponse.getDefaultInstance();
    }
    Map<Long, Long> fates = new HashMap<>();
    fates.put(request.getStartVersion(), request.getCommitVersion());
    for (TxnInfo info : request.getTxnInfosList()) {
      fates.put(info.getTxn(), info.getStatus());
    }
    Collection<ByteString> keys =
        new ArrayList<>(rows.range(region.start(), region.end()).keySet());
    for (ByteString key : keys) {
      Lock lock = rows.at(key).lock();
      Long commitTs = lock == null ? null : fates.get(lock.startTs());
      if (lock != null && commitTs != null) {
        end(List.of(key), lock.startTs(), commitTs);
      }
    }
    return ResolveLockResponse.getDefaultInstance();
  }

  TxnHeartBeatResponse heartBeat(TxnHeartBeatRequest request) {
    Row row = rows.at(request.getPrimaryLock());
    Lock lock = row.lockOf(request.getStartVersion());
    if (lock == null) {
      throw KeyFailure.txnNotFound(request.getPrimaryLock(), request.getStartVersion());
    }
    Lock longer = lock.withTtl(Math.max(lock.ttl(), request.getAdviseLockTtl()));
    row.lock(longer);
    return TxnHeartBeatResponse.newBuilder().setLockTtl(longer.ttl()).build();
  }

  ScanLockResponse scanLocks(Region region, ScanLockRequest request) {
    rows.raiseMaxTs(request.getMaxVersion());
    ByteString end = region.earlier(request.getEndKey());
    int limit = request.getLimit() == 0 ? Integer.MAX_VALUE : request.getLimit();
    var answer = ScanLockResponse.newBuilder();
    for (var entry : rows.range(region.later(request.getStartKey()), end).entrySet()) {
      Lock lock = entry.getValue().lock();
      if (lock != null && !Timestamps.after(lock.startTs(), request.getMaxVersion())) {
        answer.addLocks(lock.info(entry.getKey()));
      }
      if (answer.getLocksCount() == limit) {
        break;
      }
    }
    return answer.build();
  }

  private void end(List<ByteString> keys, long startTs, long commitTs) {
    if (commitTs == 0) {
      rollback(keys, startTs);
    } else {
      commit(keys, startTs, commitTs);
    }
  }

  private void commit(List<ByteString> keys, long startTs, long commitTs) {
    if (!Timestamps.after(commitTs, startTs)) {
      throw KeyFailure.abort("the commit is not later than the start");
    }
    keys.forEach(key -> checkCommit(key, startTs, commitTs));
    for (ByteString key : keys) {
      Row row = rows.at(key);
      Lock lock = row.lockOf(startTs);
      if (lock != null) {
        row.commit(lock, commitTs);
      }
    }
  }

  private void checkCommit(ByteString key, long startTs, long commitTs) {
    Row row = rows.at(key);
    Lock lock = row.lockOf(startTs);
    if (lock != null && Timestamps.after(lock.minCommitTs(), commitTs)) {
      throw KeyFailure.commitTsExpired(key, lock, commitTs);
    }
    Write end = row.endOf(startTs);
    if (lock == null && (end == null || end.isRollback())) {
      throw KeyFailure.lockNotFound(startTs);
    }
  }

  /** Notes of a transaction that is known to fail need no guard. */
  private void rollback(List<ByteString> keys, long startTs) {
    for (ByteString key : keys) {
      Write end = rows.at(key).endOf(startTs);
      if (end != null && !end.isRollback()) {
        throw KeyFailure.abort("the transaction is committed at " + end.commitTs());
      }
    }
    for (ByteString key : keys) {
      Row row = rows.at(key);
      if (row.endOf(startTs) == null) {
        row.rollback(startTs, false);
      }
    }
  }
}
