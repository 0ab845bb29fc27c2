// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.WriteBatch;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.shade.com.google.protobuf.ByteString;

/** Commits batches and finds out what became of them. Thread-safe. */
final class Committer {
  /*
   * A commit is one or more tries, each a transaction with a start timestamp of its own. The next
   * begins only when it is certain that nothing of the one before is done or ever will be.
   *
   * What is decided is decided at one timestamp: TiKV refuses a try if any key that it writes or
   * requires was changed after its start. That a condition does not hold is told only as it was read,
   * as of one timestamp between call and return.
   *
   * A range delete lists its keys as of its start, so a key that others create after that would stay.
   * Inside one engine range deletes therefore run alone. Between engines a common condition keeps
   * them apart, as a fence does.
   */

  /** How rows are written; what a newer program writes may be another. */
  private static final ByteString FORMAT = ByteString.copyFromUtf8("1");

  private final Keyspace keyspace;
  private final TimestampOracle oracle;
  private final Reader reader;
  private final Stores stores;
  private final Locks locks;
  private final Background background;
  private final Supplier<Budget> budgets;
  private final ReadWriteLock ranges = new ReentrantReadWriteLock();

  Committer(
      Keyspace keyspace,
      TimestampOracle oracle,
      Reader reader,
      Stores stores,
      Locks locks,
      Background background,
      Supplier<Budget> budgets) {
    this.keyspace = keyspace;
    this.oracle = oracle;
    this.reader = reader;
    this.stores = stores;
    this.locks = locks;
    this.background = background;
    this.budgets = budgets;
  }

  /** As {@link dev.brain.engine.Engine#commit}. */
  CommitOutcome commit(WriteBatch batch) {
    boolean alone =
        batch.operations().stream()
            .anyMatch(operation -> operation instanceof WriteBatch.Operation.DeleteRange);
    Lock turn = alone ? ranges.writeLock() : ranges.readLock();
    turn.lock();
    try {
      return decide(batch, budgets.get());
    } finally {
      turn.unlock();
    }
  }

  private CommitOutcome decide(WriteBatch batch, Budget budget) {
    for (int tries = 1; ; tries++) {
      long startedAt = oracle.next(budget);
      if (batch.operations().isEmpty()) {
        CommitOutcome failed = failing(batch.conditions(), startedAt, budget);
        return failed == null ? new CommitOutcome.Committed() : failed;
      }
      Mutations mutations = Mutations.of(keyspace, batch, reader, startedAt, budget);
      if (mutations.isEmpty()) {
        return new CommitOutcome.Committed();
      }
      CommitOutcome refused = failing(mutations.unassertable(), startedAt, budget);
      if (refused != null) {
        return refused;
      }
      String trouble;
      switch (transaction(mutations.all(), mutations.primary(), startedAt, budget).run()) {
        case Transaction.Result.Committed _ -> {
          return new CommitOutcome.Committed();
        }
        case Transaction.Result.Doubtful(Doubt doubt, EngineException cause) -> {
          return new CommitOutcome.Unknown(doubt, cause);
        }
        case Transaction.Result.Failed(boolean isDecided, String reason) -> {
          CommitOutcome failed =
              isDecided ? failing(batch.conditions(), oracle.next(budget), budget) : null;
          if (failed != null) {
            return failed;
          }
          trouble = reason;
        }
      }
      if (budget.isSpent()) {
        throw new EngineException.Unavailable(
            "a commit did not succeed in time, nothing of it is done: " + trouble, null);
      }
      budget.pause(tries);
    }
  }

  private Transaction transaction(
      List<Mutation> mutations, ByteString primary, long startedAt, Budget budget) {
    return new Transaction(
        stores, locks, oracle, background, mutations, primary, startedAt, budget, budgets);
  }

  /** The first condition that does not hold as of a timestamp, or null. */
  private @Nullable CommitOutcome failing(
      Collection<Condition> conditions, long timestamp, Budget budget) {
    if (conditions.isEmpty()) {
      return null;
    }
    List<ByteString> keys = conditions.stream().map(this::key).distinct().toList();
    Map<ByteString, ByteString> values = reader.get(keys, timestamp, budget);
    for (Condition condition : conditions) {
      ByteString value = values.get(key(condition));
      byte[] current = value == null ? null : value.toByteArray();
      if (!condition.holds(current)) {
        return new CommitOutcome.ConditionFailed(condition, current);
      }
    }
    return null;
  }

  /**
   * Makes sure that the rows of the keyspace are written as this program writes them.
   *
   * @throws EngineException.Corrupted if they are not
   */
  void claimFormat(Budget budget) {
    for (int tries = 1; ; tries++) {
      long startedAt = oracle.next(budget);
      ByteString found = reader.get(keyspace.format(), startedAt, budget);
      if (found != null) {
        if (!found.equals(FORMAT)) {
          throw new EngineException.Corrupted(
              "the keyspace is written in format "
                  + found.toStringUtf8()
                  + " by a newer version (expected: format "
                  + FORMAT.toStringUtf8()
                  + ")",
              null);
        }
        return;
      }
      Mutation mutation =
          Mutation.newBuilder().setOp(Op.Insert).setKey(keyspace.format()).setValue(FORMAT).build();
      // Whatever comes of it: the next look tells.
      Transaction.Result result =
          transaction(List.of(mutation), keyspace.format(), startedAt, budget).run();
      if (!(result instanceof Transaction.Result.Committed)) {
        if (budget.isSpent()) {
          throw Stores.unreachable(result.toString());
        }
        budget.pause(tries);
      }
    }
  }

  private ByteString key(Condition condition) {
    return keyspace.key(condition.space(), condition.key());
  }

  /** As {@link dev.brain.engine.Engine#settle}. */
  Fate settle(CommitOutcome.Unknown unknown) {
    if (!(unknown.token() instanceof Doubt doubt)) {
      throw new IllegalArgumentException("an outcome of another engine");
    }
    if (doubt.fate() == Fate.STILL_UNKNOWN) {
      try {
        long committedAt = locks.end(doubt.primary(), doubt.startedAt(), budgets.get());
        doubt.end(committedAt == 0 ? Fate.NOT_COMMITTED : Fate.COMMITTED);
      } catch (EngineException.Unavailable _) {
        return Fate.STILL_UNKNOWN;
      }
    }
    return doubt.fate();
  }
}
