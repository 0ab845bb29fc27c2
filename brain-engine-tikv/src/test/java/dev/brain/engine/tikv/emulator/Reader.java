// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.BatchGetRequest;
import org.tikv.kvproto.Kvrpcpb.BatchGetResponse;
import org.tikv.kvproto.Kvrpcpb.Context;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Kvrpcpb.ScanRequest;
import org.tikv.kvproto.Kvrpcpb.ScanResponse;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * Reads at a timestamp. Guarded by the cluster.
 *
 * <p>A lock of a transaction that may yet commit at or before the timestamp stops a read, unless
 * the reader says that it knows better: it had the commit pushed behind its timestamp ({@code
 * resolved_locks}) or knows that it is committed ({@code committed_locks}).
 */
final class Reader {
  private final Rows rows;

  Reader(Rows rows) {
    this.rows = rows;
  }

  GetResponse get(GetRequest request) {
    ByteString value = read(request.getKey(), request.getVersion(), request.getContext());
    return value == null
        ? GetResponse.newBuilder().setNotFound(true).build()
        : GetResponse.newBuilder().setValue(value).build();
  }

  BatchGetResponse batchGet(BatchGetRequest request) {
    var answer = BatchGetResponse.newBuilder();
    for (ByteString key : request.getKeysList()) {
      KvPair pair = pair(key, request.getVersion(), request.getContext(), false);
      if (pair != null) {
        answer.addPairs(pair);
      }
    }
    return answer.build();
  }

  /** A backward scan starts before its start key and ends at its end key. */
  ScanResponse scan(Region region, ScanRequest request) {
    ByteString low = request.getReverse() ? request.getEndKey() : request.getStartKey();
    ByteString high = request.getReverse() ? request.getStartKey() : request.getEndKey();
    NavigableMap<ByteString, Row> range = rows.range(region.later(low), region.earlier(high));
    var answer = ScanResponse.newBuilder();
    for (ByteString key : (request.getReverse() ? range.descendingMap() : range).keySet()) {
      if (answer.getPairsCount() >= request.getLimit()) {
        break;
      }
      KvPair pair = pair(key, request.getVersion(), request.getContext(), request.getKeyOnly());
      if (pair != null) {
        answer.addPairs(pair);
      }
    }
    return answer.build();
  }

  /** As TiKV, which names the key of a failure only inside the failure. */
  private @Nullable KvPair pair(ByteString key, long timestamp, Context context, boolean keyOnly) {
    try {
      ByteString value = read(key, timestamp, context);
      return value == null
          ? null
          : KvPair.newBuilder().setKey(key).setValue(keyOnly ? ByteString.EMPTY : value).build();
    } catch (KeyFailure failure) {
      return KvPair.newBuilder().setError(failure.error()).build();
    }
  }

  private @Nullable ByteString read(ByteString key, long timestamp, Context context) {
    rows.raiseMaxTs(timestamp);
    Row row = rows.find(key);
    if (row == null) {
      return null;
    }
    Lock lock = row.lock();
    if (lock != null && concerns(lock, timestamp)) {
      if (context.getCommittedLocksList().contains(lock.startTs())) {
        return lock.op() == Op.Put ? lock.value() : null;
      }
      boolean ownPrimary = timestamp == Timestamps.MAX && lock.primary().equals(key);
      if (!ownPrimary && !context.getResolvedLocksList().contains(lock.startTs())) {
        throw KeyFailure.locked(key, lock);
      }
    }
    Write version = row.versionAt(timestamp);
    return version == null ? null : version.value();
  }

  private static boolean concerns(Lock lock, long timestamp) {
    return lock.op() != Op.Lock
        && !Timestamps.after(lock.startTs(), timestamp)
        && !Timestamps.after(lock.minCommitTs(), timestamp);
  }
}
