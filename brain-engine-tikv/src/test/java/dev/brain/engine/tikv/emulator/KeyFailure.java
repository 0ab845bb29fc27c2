// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.AlreadyExist;
import org.tikv.kvproto.Kvrpcpb.Assertion;
import org.tikv.kvproto.Kvrpcpb.AssertionFailed;
import org.tikv.kvproto.Kvrpcpb.CommitTsExpired;
import org.tikv.kvproto.Kvrpcpb.KeyError;
import org.tikv.kvproto.Kvrpcpb.TxnNotFound;
import org.tikv.kvproto.Kvrpcpb.WriteConflict;
import org.tikv.shade.com.google.protobuf.ByteString;

/**
 * The rules of transactions refuse a request at one of its keys; nothing of the request was done.
 */
final class KeyFailure extends RuntimeException {
  private final transient KeyError error;

  private KeyFailure(KeyError error) {
    super(error.toString(), null, false, false);
    this.error = error;
  }

  KeyError error() {
    return error;
  }

  static KeyFailure locked(ByteString key, Lock lock) {
    return new KeyFailure(KeyError.newBuilder().setLocked(lock.info(key)).build());
  }

  /**
   * Another transaction wrote after this one began, or this one was rolled back: then all three
   * times are its own.
   */
  static KeyFailure conflict(
      ByteString key, ByteString primary, long startTs, long conflictTs, long conflictCommitTs) {
    return new KeyFailure(
        KeyError.newBuilder()
            .setConflict(
                WriteConflict.newBuilder()
                    .setKey(key)
                    .setPrimary(primary)
                    .setStartTs(startTs)
                    .setConflictTs(conflictTs)
                    .setConflictCommitTs(conflictCommitTs))
            .setRetryable("WriteConflict")
            .build());
  }

  static KeyFailure alreadyExists(ByteString key) {
    return new KeyFailure(
        KeyError.newBuilder().setAlreadyExist(AlreadyExist.newBuilder().setKey(key)).build());
  }

  static KeyFailure assertion(
      ByteString key, long startTs, Assertion assertion, @Nullable Write existing) {
    return new KeyFailure(
        KeyError.newBuilder()
            .setAssertionFailed(
                AssertionFailed.newBuilder()
                    .setKey(key)
                    .setStartTs(startTs)
                    .setAssertion(assertion)
                    .setExistingStartTs(existing == null ? 0 : existing.startTs())
                    .setExistingCommitTs(existing == null ? 0 : existing.commitTs()))
            .build());
  }

  static KeyFailure commitTsExpired(ByteString key, Lock lock, long commitTs) {
    return new KeyFailure(
        KeyError.newBuilder()
            .setCommitTsExpired(
                CommitTsExpired.newBuilder()
                    .setKey(key)
                    .setStartTs(lock.startTs())
                    .setAttemptedCommitTs(commitTs)
                    .setMinCommitTs(lock.minCommitTs()))
            .build());
  }

  static KeyFailure lockNotFound(long startTs) {
    return new KeyFailure(
        KeyError.newBuilder()
            .setRetryable("TxnLockNotFound { start_ts: " + startTs + " }")
            .build());
  }

  static KeyFailure txnNotFound(ByteString primary, long startTs) {
    return new KeyFailure(
        KeyError.newBuilder()
            .setTxnNotFound(TxnNotFound.newBuilder().setPrimaryKey(primary).setStartTs(startTs))
            .build());
  }

  static KeyFailure abort(String message) {
    return new KeyFailure(KeyError.newBuilder().setAbort(message).build());
  }
}
