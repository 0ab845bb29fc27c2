// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.AssertionLevel;
import org.tikv.kvproto.Kvrpcpb.CommitRequest;
import org.tikv.kvproto.Kvrpcpb.CommitResponse;
import org.tikv.kvproto.Kvrpcpb.KeyError;
import org.tikv.kvproto.Kvrpcpb.LockInfo;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;
import org.tikv.kvproto.Kvrpcpb.PrewriteResponse;
import org.tikv.shade.com.google.protobuf.ByteString;

/** One try to commit mutations, with one start timestamp. For one thread, used once. */
final class Transaction {
  /*
   * Percolator, as TiKV does it. If all mutations are in one region and small enough, the prewrite is
   * the whole commit (one phase). Else all are prewritten, which locks their keys, and then the
   * primary key is committed, which decides; the others follow, by us or by whoever meets them.
   *
   *  1. A commit can only be done by us. So before the first request that may commit was sent (a
   *     prewrite in one phase, or a commit of the primary) the try can be given up at any moment:
   *     what is locked is rolled back, by us or when its time is over.
   *  2. After such a request got lost, nothing is sent again. The fate is asked for at the primary,
   *     which ends the transaction for good: if it is not committed by then, it is rolled back, and a
   *     request that arrives later finds that.
   *  3. A request that a store refused did nothing, so it may be sent again, split up as the regions
   *     are now. It may become one phase only while nothing is locked.
   */

  /** What came of a try. */
  sealed interface Result {
    /** All mutations are done and durable. */
    record Committed() implements Result {}

    /**
     * Nothing is done or ever will be.
     *
     * @param isDecided whether a key exists that must not, or the other way round; else it was a
     *     conflict, or a lack of time, and another try may succeed
     */
    record Failed(boolean isDecided, String reason) implements Result {}

    /** It is not known; {@link Doubt} tells how to find out. */
    record Doubtful(Doubt doubt, EngineException cause) implements Result {}
  }

  /**
   * One request in one phase has at most so much; TiKV's bound for an entry of its log is 8 MiB.
   */
  private static final int ONE_PHASE_BYTES = 4 << 20;

  /** A request of several has about so much. */
  private static final int CHUNK_BYTES = 1 << 20;

  /** After this time others may roll back what its writer left. */
  private static final int LOCK_MILLIS = 5_000;

  private final Stores stores;
  private final Locks locks;
  private final TimestampOracle oracle;
  private final Background background;
  private final List<Mutation> mutations;
  private final ByteString primary;
  private final long startedAt;
  private final Budget budget;
  private final Supplier<Budget> budgets;
  private final List<ByteString> locked = new ArrayList<>();

  /** Whether a request is under way or lost that may commit. */
  private boolean isExposed;

  /**
   * Begins nothing yet.
   *
   * @param budget for the commit
   * @param budgets for finding out its fate, should a request get lost
   */
  Transaction(
      Stores stores,
      Locks locks,
      TimestampOracle oracle,
      Background background,
      List<Mutation> mutations,
      ByteString primary,
      long startedAt,
      Budget budget,
      Supplier<Budget> budgets) {
    this.stores = stores;
    this.locks = locks;
    this.oracle = oracle;
    this.background = background;
    this.mutations = mutations;
    this.primary = primary;
    this.startedAt = Timestamps.checked(startedAt);
    this.budget = budget;
    this.budgets = budgets;
  }

  Result run() {
    Result result;
    try {
      Result prewritten = prewrite();
      result = prewritten == null ? commit() : prewritten;
    } catch (EngineException.Unavailable e) {
      result = isExposed ? settle(e) : new Result.Failed(false, String.valueOf(e.getMessage()));
    }
    if (result instanceof Result.Failed && !locked.isEmpty()) {
      List<LockInfo> all = locked.stream().map(this::lock).toList();
      background.run(spare -> locks.resolve(all, 0, spare));
    }
    return result;
  }

  /** Prewrites everything; null if that went well and it is to be committed. */
  private @Nullable Result prewrite() {
    Locks.Passage passage = locks.forWriter(budget);
    List<Mutation> left = mutations;
    for (int tries = 1; !left.isEmpty(); tries++) {
      List<Stores.Group<Mutation>> groups = stores.group(left, Mutation::getKey, budget);
      boolean onePhase =
          locked.isEmpty() && groups.size() == 1 && bytes(groups.getFirst()) <= ONE_PHASE_BYTES;
      List<Stores.Group<Mutation>> requests = onePhase ? groups : chunks(groups);
      isExposed = onePhase;
      List<Answer<PrewriteResponse>> answers =
          stores.inParallel(requests, group -> prewrite(group, onePhase));
      List<Mutation> again = new ArrayList<>();
      List<LockInfo> met = new ArrayList<>();
      @Nullable String trouble = null;
      @Nullable KeyError refusal = null;
      @Nullable String lost = null;
      for (int request = 0; request < requests.size(); request++) {
        List<Mutation> asked = requests.get(request).members();
        switch (answers.get(request)) {
          case Answer.Given<PrewriteResponse>(PrewriteResponse response) -> {
            if (response.getErrorsCount() == 0) {
              if (response.getOnePcCommitTs() != 0) {
                return new Result.Committed();
              }
              asked.forEach(mutation -> locked.add(mutation.getKey()));
            } else if (response.getErrorsList().stream().allMatch(KeyError::hasLocked)) {
              response.getErrorsList().forEach(error -> met.add(error.getLocked()));
              again.addAll(asked);
            } else {
              refusal =
                  response.getErrorsList().stream()
                      .filter(error -> !error.hasLocked())
                      .findFirst()
                      .orElseThrow();
            }
          }
          case Answer.Refused<PrewriteResponse>(String reason) -> {
            trouble = reason;
            again.addAll(asked);
          }
          case Answer.Lost<PrewriteResponse>(String reason) -> {
            lost = reason;
            asked.forEach(mutation -> locked.add(mutation.getKey()));
          }
        }
      }
      if (lost != null) {
        throw Stores.unreachable(lost);
      }
      isExposed = false;
      if (refusal != null) {
        return new Result.Failed(
            refusal.hasAlreadyExist() || refusal.hasAssertionFailed(), describe(refusal));
      }
      if (!met.isEmpty()) {
        passage.clear(met);
      }
      if (trouble != null) {
        if (budget.isSpent()) {
          throw Stores.unreachable(trouble);
        }
        budget.pause(tries);
      }
      left = again;
    }
    return null;
  }

  private Answer<PrewriteResponse> prewrite(Stores.Group<Mutation> group, boolean onePhase) {
    PrewriteRequest request =
        PrewriteRequest.newBuilder()
            .setContext(group.region().context())
            .setStartVersion(startedAt)
            .setPrimaryLock(primary)
            .addAllMutations(group.members())
            .setLockTtl(LOCK_MILLIS)
            .setTxnSize(group.members().size())
            .setMinCommitTs(startedAt + 1)
            .setTryOnePc(onePhase)
            .setAssertionLevel(AssertionLevel.Strict)
            .build();
    return stores.send(group.region(), Rpc.PREWRITE, request, budget);
  }

  private static long bytes(Stores.Group<Mutation> group) {
    return group.members().stream().mapToLong(Mutation::getSerializedSize).sum();
  }

  private static List<Stores.Group<Mutation>> chunks(List<Stores.Group<Mutation>> groups) {
    List<Stores.Group<Mutation>> chunks = new ArrayList<>();
    for (Stores.Group<Mutation> group : groups) {
      List<Mutation> chunk = new ArrayList<>();
      long bytes = 0;
      for (Mutation mutation : group.members()) {
        if (!chunk.isEmpty() && bytes + mutation.getSerializedSize() > CHUNK_BYTES) {
          chunks.add(new Stores.Group<>(group.region(), chunk));
          chunk = new ArrayList<>();
          bytes = 0;
        }
        chunk.add(mutation);
        bytes += mutation.getSerializedSize();
      }
      chunks.add(new Stores.Group<>(group.region(), chunk));
    }
    return chunks;
  }

  /** Commits the primary key. */
  private Result commit() {
    for (int tries = 1; ; tries++) {
      long committedAt = oracle.next(budget);
      Answer<CommitResponse> answer = commit(committedAt);
      switch (answer) {
        case Answer.Given<CommitResponse>(CommitResponse response) -> {
          if (!response.hasError()) {
            finish(committedAt);
            return new Result.Committed();
          }
          if (!response.getError().hasCommitTsExpired()) {
            return settle(Stores.unreachable(describe(response.getError())));
          }
          // A reader was here, and must not see it: once more, at a later time.
        }
        case Answer.Refused<CommitResponse>(String reason) -> {
          if (budget.isSpent()) {
            throw Stores.unreachable(reason);
          }
          budget.pause(tries);
        }
        case Answer.Lost<CommitResponse>(String reason) -> {
          return settle(Stores.unreachable(reason));
        }
      }
    }
  }

  private Answer<CommitResponse> commit(long committedAt) {
    Stores.Group<ByteString> group = stores.group(List.of(primary), key -> key, budget).getFirst();
    CommitRequest request =
        CommitRequest.newBuilder()
            .setContext(group.region().context())
            .setStartVersion(startedAt)
            .setCommitVersion(committedAt)
            .addKeys(primary)
            .build();
    isExposed = true;
    Answer<CommitResponse> answer = stores.send(group.region(), Rpc.COMMIT, request, budget);
    isExposed = answer instanceof Answer.Lost<CommitResponse>;
    return answer;
  }

  /** Ends this transaction for good and says how. */
  private Result settle(EngineException cause) {
    Doubt doubt = new Doubt(primary, startedAt);
    try {
      long committedAt = locks.end(primary, startedAt, budgets.get());
      if (committedAt == 0) {
        return new Result.Failed(false, String.valueOf(cause.getMessage()));
      }
      if (!locked.isEmpty()) {
        finish(committedAt);
      }
      return new Result.Committed();
    } catch (EngineException.Unavailable _) {
      return new Result.Doubtful(doubt, cause);
    }
  }

  /** Commits what is not the primary key, while nobody waits. */
  private void finish(long committedAt) {
    List<LockInfo> others =
        locked.stream().filter(key -> !key.equals(primary)).map(this::lock).toList();
    if (!others.isEmpty()) {
      background.run(spare -> locks.resolve(others, committedAt, spare));
    }
  }

  private LockInfo lock(ByteString key) {
    return LockInfo.newBuilder().setKey(key).setLockVersion(startedAt).build();
  }

  /** The kind of an error, without the keys and values that it names. */
  private static String describe(KeyError error) {
    if (error.hasConflict()) {
      return "conflict with another commit";
    }
    if (error.hasAlreadyExist()) {
      return "a key exists";
    }
    if (error.hasAssertionFailed()) {
      return "a key does not exist, or does";
    }
    return error.getAbort() + error.getRetryable();
  }
}
