// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.CommitOutcome.Unknown;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An engine that goes wrong as planned, over one that works. It keeps every promise of the SPI
 * while doing so, and passes {@link EngineContract}. Thread-safe.
 *
 * <pre>{@code
 * FaultyEngine engine = new FaultyEngine(storage.open());
 * engine.nextCommit(CommitPlan.unknownApplied().stillUnknown(2));
 * engine.nextRead(ReadKind.NEXT, new EngineException.Corrupted("block 7", null));
 *
 * CommitPlan held = engine.nextCommit(CommitPlan.passed().heldBefore());
 * ... let the store commit ...
 * held.awaitArrival();
 * ... look at what the store shows while the commit is in flight ...
 * held.release();
 * }</pre>
 */
public final class FaultyEngine extends ForwardingEngine {

  /** The failure of one reading call. */
  private record ReadFailure(@Nullable ReadKind kind, EngineException failure) {}

  private final Engine below;
  private final Queue<CommitPlan> plans = new ConcurrentLinkedQueue<>();
  private final Queue<ReadFailure> readFailures = new ConcurrentLinkedQueue<>();
  private final Set<CommitPlan> held = ConcurrentHashMap.newKeySet();
  private final Set<PendingCommit> unsettled = ConcurrentHashMap.newKeySet();
  private volatile boolean refusesWhileUnknown;
  private volatile boolean closed;
  private @Nullable Random random;
  private int oneIn;

  /** An engine without faults until they are planned; closing it closes the one below. */
  public FaultyEngine(Engine below) {
    super(below);
    this.below = below;
  }

  /**
   * Plans the next commit that has no plan yet. Commits take the plans in the order they were
   * given.
   *
   * @return the given plan
   */
  public CommitPlan nextCommit(CommitPlan plan) {
    plans.add(plan);
    return plan;
  }

  /** Lets the next reading call of any kind throw. Failures wait for their calls in order. */
  public void nextRead(EngineException failure) {
    readFailures.add(new ReadFailure(null, failure));
  }

  /** Lets the next reading call of one kind throw. */
  public void nextRead(ReadKind kind, EngineException failure) {
    readFailures.add(new ReadFailure(kind, failure));
  }

  /**
   * From now on lets each commit that has no plan, and each read, go wrong with a chance of one in
   * {@code oneIn}: commits in every way but {@link CommitPlan#conditionFailed}, reads with {@link
   * EngineException.Unavailable}. With one calling thread the same seed gives the same faults.
   */
  public synchronized void goWrongAtRandom(long seed, int oneIn) {
    this.random = new Random(seed);
    this.oneIn = oneIn;
  }

  /** Ends the random faults and drops the plans that no commit and no read has taken. */
  public synchronized void heal() {
    random = null;
    plans.clear();
    readFailures.clear();
  }

  /** Whether commits are refused while an outcome is unknown; at first they are not. */
  public void refuseWhileUnknown(boolean refuses) {
    refusesWhileUnknown = refuses;
  }

  /** Applies every batch of {@link CommitPlan#unknownLate} that is still on its way. */
  public void land() {
    unsettled.forEach(PendingCommit::land);
  }

  /** How many unknown outcomes of this engine are not settled to a fate. */
  public int unsettledCount() {
    return unsettled.size();
  }

  @Override
  public CommitOutcome commit(WriteBatch batch) {
    CommitPlan plan = plans.poll();
    if (plan == null) {
      plan = randomPlan();
    }
    held.add(plan);
    try {
      if (closed) {
        plan.release();
      }
      plan.before();
      try {
        return end(plan, batch);
      } finally {
        plan.after();
      }
    } finally {
      held.remove(plan);
    }
  }

  private CommitOutcome end(CommitPlan plan, WriteBatch batch) {
    if (refusesWhileUnknown && !unsettled.isEmpty()) {
      throw new EngineException.Unavailable("planned: an outcome is unknown", null);
    }
    requireOpen();
    return switch (plan.end()) {
      case PASSED -> below.commit(batch);
      case UNKNOWN_APPLIED -> unknown(PendingCommit.applied(below, batch, plan.stillUnknown()));
      case UNKNOWN_NOT_APPLIED -> unknown(PendingCommit.notApplied(below, plan.stillUnknown()));
      case UNKNOWN_LATE -> unknown(PendingCommit.late(below, batch, plan.stillUnknown()));
      case REFUSED -> throw new EngineException.Unavailable("planned: refused", null);
      case CONDITION_FAILED -> new ConditionFailed(batch.conditions().getFirst(), plan.current());
    };
  }

  private Unknown unknown(PendingCommit pending) {
    unsettled.add(pending);
    return new Unknown(pending, new IOException("planned: unknown outcome"));
  }

  @Override
  public Fate settle(Unknown unknown) {
    requireOpen();
    if (!(unknown.token() instanceof PendingCommit pending)) {
      return below.settle(unknown);
    }
    Fate fate = pending.settle();
    if (fate != Fate.STILL_UNKNOWN) {
      unsettled.remove(pending);
    }
    return fate;
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    read(ReadKind.ENGINE_GET);
    return super.get(space, key);
  }

  @Override
  public Snapshot snapshot() {
    read(ReadKind.SNAPSHOT);
    return new FaultySnapshot(super.snapshot());
  }

  /** Releases the commits that are held, then closes. */
  @Override
  public void close() {
    closed = true;
    held.forEach(CommitPlan::release);
    super.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the engine is closed");
    }
  }

  private synchronized CommitPlan randomPlan() {
    if (!randomFault()) {
      return CommitPlan.passed();
    }
    Random source = Objects.requireNonNull(random);
    CommitPlan plan =
        switch (source.nextInt(4)) {
          case 0 -> CommitPlan.unknownApplied();
          case 1 -> CommitPlan.unknownNotApplied();
          case 2 -> CommitPlan.unknownLate();
          default -> CommitPlan.refused();
        };
    return plan.stillUnknown(source.nextInt(3));
  }

  private synchronized boolean randomFault() {
    return random != null && random.nextInt(oneIn) == 0;
  }

  private void read(ReadKind kind) {
    Iterator<ReadFailure> planned = readFailures.iterator();
    while (planned.hasNext()) {
      ReadFailure next = planned.next();
      if ((next.kind() == null || next.kind() == kind) && readFailures.remove(next)) {
        throw next.failure();
      }
    }
    if (randomFault()) {
      throw new EngineException.Unavailable("planned: read refused", null);
    }
  }

  private final class FaultySnapshot extends ForwardingSnapshot {
    FaultySnapshot(Snapshot delegate) {
      super(delegate);
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
      read(ReadKind.GET);
      return super.get(space, key);
    }

    @Override
    public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
      read(ReadKind.MULTI_GET);
      return super.multiGet(space, keys);
    }

    @Override
    public Cursor scan(Space space, KeyRange range, ScanOptions options) {
      read(ReadKind.SCAN);
      return new FaultyCursor(super.scan(space, range, options));
    }
  }

  private final class FaultyCursor extends ForwardingCursor {
    FaultyCursor(Cursor delegate) {
      super(delegate);
    }

    @Override
    public boolean next() {
      read(ReadKind.NEXT);
      return super.next();
    }
  }
}
