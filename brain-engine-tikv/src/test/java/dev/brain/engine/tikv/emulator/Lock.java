// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.tikv.kvproto.Kvrpcpb.LockInfo;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * What a prewrite leaves at a key until its transaction ends.
 *
 * @param op {@code Put}, {@code Del} or {@code Lock}
 * @param ttl milliseconds after its start for which others must wait for the transaction
 * @param minCommitTs before which it cannot be committed; 0: nobody may push it
 */
record Lock(
    Op op,
    ByteString primary,
    ByteString value,
    long startTs,
    long ttl,
    long minCommitTs,
    long txnSize) {
  Lock withMinCommitTs(long newMinCommitTs) {
    return new Lock(op, primary, value, startTs, ttl, newMinCommitTs, txnSize);
  }

  Lock withTtl(long newTtl) {
    return new Lock(op, primary, value, startTs, newTtl, minCommitTs, txnSize);
  }

  boolean isExpired(long currentTs) {
    return Timestamps.physical(startTs) + ttl < Timestamps.physical(currentTs);
  }

  Write committed(long commitTs) {
    return Write.committed(
        switch (op) {
          case Put -> Write.Kind.PUT;
          case Del -> Write.Kind.DELETE;
          default -> Write.Kind.LOCK;
        },
        startTs,
        commitTs,
        value);
  }

  LockInfo info(ByteString key) {
    return LockInfo.newBuilder()
        .setKey(key)
        .setPrimaryLock(primary)
        .setLockVersion(startTs)
        .setLockTtl(ttl)
        .setLockType(op)
        .setMinCommitTs(minCommitTs)
        .setTxnSize(txnSize)
        .build();
  }
}
