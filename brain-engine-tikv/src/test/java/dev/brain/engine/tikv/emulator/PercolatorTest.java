// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static dev.brain.engine.tikv.emulator.WireClient.K;
import static dev.brain.engine.tikv.emulator.WireClient.key;
import static dev.brain.engine.tikv.emulator.WireClient.mutation;
import static dev.brain.engine.tikv.emulator.WireClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tikv.kvproto.Kvrpcpb.Action;
import org.tikv.kvproto.Kvrpcpb.Assertion;
import org.tikv.kvproto.Kvrpcpb.AssertionLevel;
import org.tikv.kvproto.Kvrpcpb.BatchRollbackRequest;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusRequest;
import org.tikv.kvproto.Kvrpcpb.CheckTxnStatusResponse;
import org.tikv.kvproto.Kvrpcpb.CommitRequest;
import org.tikv.kvproto.Kvrpcpb.CommitResponse;
import org.tikv.kvproto.Kvrpcpb.GetRequest;
import org.tikv.kvproto.Kvrpcpb.GetResponse;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.kvproto.Kvrpcpb.ResolveLockRequest;
import org.tikv.kvproto.Kvrpcpb.ScanLockRequest;
import org.tikv.kvproto.Kvrpcpb.ScanLockResponse;
import org.tikv.kvproto.Kvrpcpb.TxnHeartBeatRequest;
import org.tikv.shade.com.google.protobuf.ByteString;

/** The rules of transactions, as a client sees them. */
class PercolatorTest {
  private static final ByteString J = key("j");

  private final TikvEmulator emulator = TikvEmulator.start(1);
  private final WireClient client = new WireClient(emulator.front());

  @AfterEach
  void close() {
    client.close();
    emulator.close();
  }

  @Test
  void onePhase_commitsAtOnce() {
    long commitTs = commit(put(K, "v"));

    assertThat(get(K, commitTs).getValue().toStringUtf8()).isEqualTo("v");
    assertThat(get(K, commitTs - 1).getNotFound()).isTrue();
  }

  @Test
  void onePhase_isLaterThanEveryReadBefore() {
    long startTs = client.timestamp();
    long readTs = client.timestamp();
    get(K, readTs);

    PrewriteResponse answer = send(onePhase(startTs, put(K, "v")));

    assertThat(answer.getOnePcCommitTs()).isGreaterThan(readTs);
  }

  @Test
  void onePhase_repeated_answersTheSameCommit() {
    PrewriteRequest.Builder request = onePhase(client.timestamp(), put(K, "v"));

    assertThat(send(request).getOnePcCommitTs()).isEqualTo(send(request).getOnePcCommitTs());
  }

  @Test
  void emptyValue_isNotAbsence() {
    long commitTs = commit(put(K, ""));

    assertThat(get(K, commitTs).getNotFound()).isFalse();
  }

  @Test
  void prewrite_afterALaterCommit_conflicts() {
    long startTs = client.timestamp();
    long commitTs = commit(put(K, "other"));

    PrewriteResponse answer = send(client.prewrite(startTs, put(J, "v"), put(K, "v")));

    assertThat(answer.getErrors(0).getConflict().getConflictCommitTs()).isEqualTo(commitTs);
    assertThat(locks()).isEmpty();
  }

  @Test
  void prewrite_ofALockedKey_namesTheLock() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v")));

    PrewriteResponse answer = send(onePhase(client.timestamp(), put(K, "other")));

    assertThat(answer.getErrors(0).getLocked().getLockVersion()).isEqualTo(startTs);
  }

  @Test
  void prewrite_repeated_isCommittedOnce() {
    long startTs = client.timestamp();
    PrewriteRequest.Builder request = client.prewrite(startTs, put(K, "v"));
    send(request);
    assertThat(send(request).getErrorsList()).isEmpty();

    long commitTs = client.timestamp();
    assertThat(commit(startTs, commitTs).hasError()).isFalse();
    assertThat(commit(startTs, commitTs).hasError()).isFalse();
    assertThat(send(request).getErrorsList()).isEmpty();
    assertThat(locks()).isEmpty();
  }

  @Test
  void insert_ofAnExistingKey_isRefused() {
    commit(put(K, "v"));

    PrewriteResponse answer =
        send(onePhase(client.timestamp(), mutation(Op.Insert, K, "w").build()));

    assertThat(answer.getErrors(0).getAlreadyExist().getKey()).isEqualTo(K);
  }

  @Test
  void insert_ofADeletedKey_isTaken() {
    commit(put(K, "v"));
    commit(mutation(Op.Del, K, "").build());

    assertThat(commit(mutation(Op.Insert, K, "w").build())).isPositive();
  }

  @Test
  void checkNotExists_writesNothing() {
    commit(put(J, "v"), mutation(Op.CheckNotExists, K, "").build());

    assertThat(get(K, client.timestamp()).getNotFound()).isTrue();
  }

  @Test
  void assertion_thatFails_refusesTheWholeRequest() {
    Mutation exists = mutation(Op.Put, K, "v").setAssertion(Assertion.Exist).build();

    PrewriteResponse answer =
        send(
            onePhase(client.timestamp(), put(J, "v"), exists)
                .setAssertionLevel(AssertionLevel.Strict));

    assertThat(answer.getErrors(0).getAssertionFailed().getKey()).isEqualTo(K);
    assertThat(get(J, client.timestamp()).getNotFound()).isTrue();
  }

  @Test
  void assertion_thatHolds_isNoHindrance() {
    commit(put(K, "v"));
    Mutation exists = mutation(Op.Del, K, "").setAssertion(Assertion.Exist).build();
    Mutation absent = mutation(Op.Lock, J, "").setAssertion(Assertion.NotExist).build();

    PrewriteResponse answer =
        send(onePhase(client.timestamp(), exists, absent).setAssertionLevel(AssertionLevel.Strict));

    assertThat(answer.getOnePcCommitTs()).isPositive();
    assertThat(get(K, client.timestamp()).getNotFound()).isTrue();
  }

  @Test
  void lockOnly_conflictsWithOlderTransactions() {
    long startTs = client.timestamp();
    commit(mutation(Op.Lock, K, "").build());

    assertThat(send(onePhase(startTs, put(K, "v"))).getErrors(0).hasConflict()).isTrue();
  }

  @Test
  void read_ofALockedKey_isStopped() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v")));

    assertThat(get(K, client.timestamp()).getError().getLocked().getLockVersion())
        .isEqualTo(startTs);
    assertThat(get(K, startTs - 1).getNotFound()).isTrue();
  }

  @Test
  void read_thatKnowsTheLock_passes() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v")));
    long readTs = client.timestamp();

    var resolved = client.context(K).toBuilder().addResolvedLocks(startTs);
    var committed = client.context(K).toBuilder().addCommittedLocks(startTs);
    var request = GetRequest.newBuilder().setKey(K).setVersion(readTs);

    assertThat(client.leader(K).kvGet(request.setContext(resolved).build()).getNotFound()).isTrue();
    assertThat(client.leader(K).kvGet(request.setContext(committed).build()).getValue())
        .isEqualTo(key("v"));
  }

  @Test
  void read_inTheFuture_isRefused() {
    assertThat(get(K, Long.MAX_VALUE).getError().getAbort()).contains("future");
    assertThat(get(K, Timestamps.MAX).getNotFound()).isTrue();
  }

  @Test
  void status_ofALivingTransaction_pushesItsCommitBehindTheReader() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v")).setMinCommitTs(startTs + 1));
    long readTs = client.timestamp();

    CheckTxnStatusResponse status = status(startTs, readTs, client.timestamp(), false);

    assertThat(status.getAction()).isEqualTo(Action.MinCommitTSPushed);
    assertThat(status.getLockTtl()).isEqualTo(3000);
    assertThat(get(K, readTs).getNotFound()).isTrue();
    assertThat(commit(startTs, readTs).getError().getCommitTsExpired().getMinCommitTs())
        .isGreaterThan(readTs);
    assertThat(commit(startTs, client.timestamp()).hasError()).isFalse();
  }

  @Test
  void status_atTheEndOfTime_rollsBackForEver() {
    long startTs = client.timestamp();
    PrewriteRequest.Builder request = client.prewrite(startTs, put(K, "v"));
    send(request);

    CheckTxnStatusResponse status = status(startTs, Timestamps.MAX, Timestamps.MAX, true);

    assertThat(status.getAction()).isEqualTo(Action.TTLExpireRollback);
    assertThat(commit(startTs, client.timestamp()).getError().getRetryable())
        .contains("TxnLockNotFound");
    assertThat(send(request).getErrors(0).getConflict().getConflictTs()).isEqualTo(startTs);
  }

  @Test
  void status_beforeThePrewriteArrives_refusesIt() {
    long startTs = client.timestamp();

    CheckTxnStatusResponse status = status(startTs, Timestamps.MAX, Timestamps.MAX, true);

    assertThat(status.getAction()).isEqualTo(Action.LockNotExistRollback);
    assertThat(send(onePhase(startTs, put(K, "v"))).getErrors(0).hasConflict()).isTrue();
  }

  @Test
  void status_ofAnUnknownTransaction_onlyLooks() {
    long startTs = client.timestamp();

    CheckTxnStatusResponse status = status(startTs, Timestamps.MAX, Timestamps.MAX, false);

    assertThat(status.getError().getTxnNotFound().getStartTs()).isEqualTo(startTs);
    assertThat(send(onePhase(startTs, put(K, "v"))).getOnePcCommitTs()).isPositive();
  }

  @Test
  void status_ofACommittedTransaction_namesTheCommit() {
    long startTs = client.timestamp();
    long commitTs = send(onePhase(startTs, put(K, "v"))).getOnePcCommitTs();

    assertThat(status(startTs, Timestamps.MAX, Timestamps.MAX, true).getCommitVersion())
        .isEqualTo(commitTs);
  }

  @Test
  void rollbackWhereACommitIs_isRememberedBesideIt() {
    long startTs = client.timestamp();
    long other = startTs - 1;
    // A commit in one phase that takes effect exactly when the transaction begins.
    get(K, other);
    assertThat(send(onePhase(other - 1, put(K, "other"))).getOnePcCommitTs()).isEqualTo(startTs);

    status(startTs, Timestamps.MAX, Timestamps.MAX, true);

    assertThat(send(onePhase(startTs, put(K, "v"))).getErrors(0).hasConflict()).isTrue();
    assertThat(get(K, client.timestamp()).getValue()).isEqualTo(key("other"));
    assertThat(status(startTs, Timestamps.MAX, Timestamps.MAX, true).getCommitVersion()).isZero();
  }

  @Test
  void prewrite_olderThanARollback_conflicts() {
    long startTs = client.timestamp();
    status(client.timestamp(), Timestamps.MAX, Timestamps.MAX, true);

    assertThat(send(onePhase(startTs, put(K, "v"))).getErrors(0).hasConflict()).isTrue();
  }

  @Test
  void batchRollback_ofACommittedTransaction_isRefused() {
    long startTs = client.timestamp();
    long commitTs = send(onePhase(startTs, put(K, "v"))).getOnePcCommitTs();

    var answer = client.leader(K).kvBatchRollback(rollback(startTs, J, K));

    assertThat(answer.getError().getAbort()).contains(Long.toString(commitTs));
    assertThat(send(onePhase(startTs, put(J, "v"))).getErrorsList()).isEmpty();
  }

  @Test
  void batchRollback_freesTheKeys() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v"), put(J, "v")));

    client.leader(K).kvBatchRollback(rollback(startTs, J, K));

    assertThat(locks()).isEmpty();
    assertThat(commit(put(K, "w"), put(J, "w"))).isPositive();
  }

  @Test
  void resolve_endsTheTransactionInTheWholeRegion() {
    long committed = client.timestamp();
    send(client.prewrite(committed, put(K, "v"), put(J, "v")));
    long rolledBack = client.timestamp();
    send(client.prewrite(rolledBack, put(key("x"), "v")));
    long commitTs = client.timestamp();

    for (long[] end : new long[][] {{committed, commitTs}, {rolledBack, 0}}) {
      client
          .leader(K)
          .kvResolveLock(
              ResolveLockRequest.newBuilder()
                  .setContext(client.context(K))
                  .setStartVersion(end[0])
                  .setCommitVersion(end[1])
                  .build());
    }

    assertThat(locks()).isEmpty();
    assertThat(get(K, commitTs).getValue()).isEqualTo(get(J, commitTs).getValue());
    assertThat(get(key("x"), client.timestamp()).getNotFound()).isTrue();
  }

  @Test
  void heartBeat_prolongsALock() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v")));
    var request =
        TxnHeartBeatRequest.newBuilder()
            .setContext(client.context(K))
            .setPrimaryLock(K)
            .setStartVersion(startTs)
            .setAdviseLockTtl(20_000)
            .build();

    assertThat(client.leader(K).kvTxnHeartBeat(request).getLockTtl()).isEqualTo(20_000);
    assertThat(locks()).containsExactly(K);
  }

  @Test
  void scanLock_showsLocksUpToATime() {
    long startTs = client.timestamp();
    send(client.prewrite(startTs, put(K, "v"), put(J, "v")));

    assertThat(locks()).containsExactly(J, K);
    assertThat(locksUpTo(startTs - 1)).isEmpty();
  }

  private PrewriteRequest.Builder onePhase(long startTs, Mutation... mutations) {
    return client.prewrite(startTs, mutations).setTryOnePc(true);
  }

  private PrewriteResponse send(PrewriteRequest.Builder request) {
    return client.leader(request.getPrimaryLock()).kvPrewrite(request.build());
  }

  private long commit(Mutation... mutations) {
    PrewriteResponse answer = send(onePhase(client.timestamp(), mutations));
    assertThat(answer.getErrorsList()).isEmpty();
    return answer.getOnePcCommitTs();
  }

  private CommitResponse commit(long startTs, long commitTs) {
    return client
        .leader(K)
        .kvCommit(
            CommitRequest.newBuilder()
                .setContext(client.context(K))
                .setStartVersion(startTs)
                .setCommitVersion(commitTs)
                .addKeys(K)
                .build());
  }

  private BatchRollbackRequest rollback(long startTs, ByteString... keys) {
    return BatchRollbackRequest.newBuilder()
        .setContext(client.context(K))
        .setStartVersion(startTs)
        .addAllKeys(List.of(keys))
        .build();
  }

  private CheckTxnStatusResponse status(
      long startTs, long callerTs, long currentTs, boolean rollbackIfNotExist) {
    return client
        .leader(K)
        .kvCheckTxnStatus(
            CheckTxnStatusRequest.newBuilder()
                .setContext(client.context(K))
                .setPrimaryKey(K)
                .setLockTs(startTs)
                .setCallerStartTs(callerTs)
                .setCurrentTs(currentTs)
                .setRollbackIfNotExist(rollbackIfNotExist)
                .build());
  }

  private GetResponse get(ByteString key, long timestamp) {
    return client
        .leader(key)
        .kvGet(
            GetRequest.newBuilder()
                .setContext(client.context(key))
                .setKey(key)
                .setVersion(timestamp)
                .build());
  }

  private List<ByteString> locks() {
    return locksUpTo(client.timestamp());
  }

  private List<ByteString> locksUpTo(long timestamp) {
    ScanLockResponse answer =
        client
            .leader(K)
            .kvScanLock(
                ScanLockRequest.newBuilder()
                    .setContext(client.context(K))
                    .setMaxVersion(timestamp)
                    .build());
    return answer.getLocksList().stream().map(lock -> lock.getKey()).toList();
  }
}
