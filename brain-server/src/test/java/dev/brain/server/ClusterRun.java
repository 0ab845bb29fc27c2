// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.election.Leader;
import dev.brain.engine.CommitPlan;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.server.kv.FailureException;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Three nodes over one engine, their clients, and what goes wrong meanwhile, all from one seed. */
final class ClusterRun implements AutoCloseable {
  private static final int CLIENTS = 5;
  private static final int STEPS = 12;
  private static final int OPERATIONS_OF_STEP = 25;

  /** More operations than are waited for, so that clients are busy while things go wrong. */
  private static final int OPERATIONS_AHEAD = 10;

  private static final long PATIENCE_SECONDS = 60;

  private final FaultyEngine engine = new FaultyEngine(new MemoryStorage().open());
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final Threads threads = new Threads((_, fault) -> faults.add(fault));
  private final Map<String, TestNode> byName = new LinkedHashMap<>();
  private final AtomicReference<Optional<Leader>> known = new AtomicReference<>(Optional.empty());
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final ExecutorService puts = Executors.newSingleThreadExecutor();
  private final Semaphore allowed = new Semaphore(OPERATIONS_AHEAD);
  private final Semaphore done = new Semaphore(0);
  private final List<OpenWatch> watches = new ArrayList<>();
  private final Replay replay = new Replay();
  private final ClusterHistory history;
  private final Random random;
  private final List<TestNode> nodes;
  private final ClusterClient own;
  private @Nullable TestNode leader;
  private long compacted;

  ClusterRun(long seed, ClusterHistory history) throws Exception {
    this.random = new Random(seed);
    this.history = history;
    for (String name : List.of("a", "b", "c")) {
      byName.put(name, new TestNode(name, engine, threads, byName, known));
    }
    this.nodes = List.copyOf(byName.values());
    this.own = new ClusterClient(CLIENTS, random.nextLong(), nodes, history);
  }

  /** Runs, and checks. */
  void run() throws Exception {
    elect(node());
    nodes.forEach(node -> watches.add(new OpenWatch(node, 2, history)));
    for (int number = 0; number < CLIENTS; number++) {
      ClusterClient client = new ClusterClient(number, random.nextLong(), nodes, history);
      clients.execute(() -> operate(client));
    }
    for (int step = 0; step < STEPS; step++) {
      allowed.release(OPERATIONS_OF_STEP);
      trouble();
      awaitOperations();
    }
    clients.shutdownNow();
    assertThat(clients.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    check(heal());
  }

  private void awaitOperations() throws InterruptedException {
    assertThat(done.tryAcquire(OPERATIONS_OF_STEP, PATIENCE_SECONDS, TimeUnit.SECONDS))
        .as("operations end")
        .isTrue();
  }

  private void operate(ClusterClient client) {
    try {
      while (true) {
        allowed.acquire();
        client.operate();
        done.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TestNode node() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  // ------------------------------------------------------------------ what goes wrong

  private void trouble() throws Exception {
    switch (random.nextInt(10)) {
      case 0 -> handOver();
      case 1, 2 -> overtake();
      case 3 -> depose();
      case 4 -> overtakeLate();
      case 5 -> overtakeHeld();
      case 6 -> node().cut(random.nextBoolean());
      case 7 -> compact(node());
      case 8 -> skip();
      default -> goWrong();
    }
    if (leader == null && random.nextInt(4) > 0) {
      elect(node());
    }
    if (random.nextInt(4) == 0) {
      long from = random.nextBoolean() ? 0 : Math.max(2, history.told() - random.nextInt(20));
      watches.add(new OpenWatch(node(), from, history));
    }
  }

  /** Lets a node lead; if the takeover fails, nobody does. */
  private void elect(TestNode node) {
    if (leader != null) {
      leader.election.lapse();
    }
    node.election.depose(); // elections tell the end of one term before the start of the next
    try {
      node.election.elect();
      leader = node;
    } catch (EngineException e) {
      node.election.depose();
      leader = null;
    }
  }

  private void depose() {
    TestNode old = leader;
    if (old != null) {
      old.election.depose();
      leader = null;
    }
  }

  private void handOver() {
    depose();
    elect(node());
  }

  /** The lease of the leader has run out, and another leads, before it is told. */
  private void overtake() {
    overtake(node());
  }

  private void overtake(TestNode next) {
    TestNode old = leader;
    if (old != null) {
      old.election.lapse();
    }
    elect(next);
    if (old != null && leader != old && random.nextBoolean()) {
      old.election.depose();
    }
  }

  /** A commit of the old leader reaches the engine when another leads. */
  private void overtakeLate() throws Exception {
    TestNode old = leader;
    if (old != null) {
      commit(old, CommitPlan.unknownLate().stillUnknown(Integer.MAX_VALUE));
      overtake();
      awaitOperations();
      allowed.release(OPERATIONS_OF_STEP);
      engine.land();
    }
  }

  /** A commit of the old leader is on its way while another takes over. */
  private void overtakeHeld() throws Exception {
    TestNode old = leader;
    if (old != null && engine.unsettledCount() == 0) {
      CommitPlan plan = CommitPlan.passed();
      commit(old, random.nextBoolean() ? plan.heldBefore() : plan.heldAfter());
      TestNode next = nodes.get((nodes.indexOf(old) + 1 + random.nextInt(2)) % nodes.size());
      CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> overtake(next), clients);
      try {
        taken.get(ClusterClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It waits for the commit: one of an older leader, which was not told, has met the plan.
      }
      plan.release();
      taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Lets a plan meet a commit of a leader, if it can commit. */
  private void commit(TestNode node, CommitPlan plan) throws Exception {
    engine.heal();
    engine.nextCommit(plan);
    CompletableFuture<Void> put = CompletableFuture.runAsync(() -> own.put(node), puts);
    CompletableFuture<Void> arrival = CompletableFuture.runAsync(plan::awaitArrival, clients);
    CompletableFuture.anyOf(put, arrival).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    engine.heal();
  }

  private void compact(TestNode node) throws FailureException {
    long revision = history.told() - random.nextInt(10);
    if (revision <= compacted) {
      return;
    }
    replay.readThrough(engine, revision);
    compacted = revision;
    try {
      var _ =
          KVGrpc.newBlockingStub(node.clients)
              .withDeadlineAfter(ClusterClient.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
              .compact(
                  CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
    } catch (StatusRuntimeException e) {
      // It may be compacted, or not.
    }
  }

  /** What a node has not seen yet is compacted. */
  private void skip() throws Exception {
    TestNode behind = node();
    handOver();
    elect(behind);
    behind.cut(true);
    handOver();
    awaitOperations();
    allowed.release(OPERATIONS_OF_STEP);
    TestNode now = leader;
    if (now != null) {
      compact(now);
    }
    if (random.nextBoolean()) {
      elect(behind);
    }
    behind.cut(false);
  }

  private void goWrong() {
    for (int count = 1 + random.nextInt(4); count > 0; count--) {
      CommitPlan plan =
          switch (random.nextInt(4)) {
            case 0 -> CommitPlan.unknownApplied();
            case 1 -> CommitPlan.unknownNotApplied();
            case 2 -> CommitPlan.unknownLate();
            default -> CommitPlan.refused();
          };
      engine.nextCommit(plan.stillUnknown(random.nextInt(3)));
    }
  }

  // ------------------------------------------------------------------ the end

  /** Ends all trouble; answers a revision that was written after it. */
  private long heal() throws Exception {
    puts.shutdown();
    assertThat(puts.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    engine.heal();
    engine.land();
    nodes.forEach(node -> node.cut(false));
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(
            () -> {
              nodes.forEach(node -> node.election.depose());
              TestNode last = node();
              elect(last);
              long before = history.told();
              own.put(last);
              return history.told() > before;
            });
    for (TestNode node : nodes) {
      await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> own.readAll(node));
    }
    return history.told();
  }

  private void check(long last) throws FailureException {
    for (OpenWatch watch : watches) {
      watch.awaitThrough(last);
      watch.close();
    }
    replay.readThrough(engine, last);
    history.check(replay);
    for (OpenWatch watch : watches) {
      watch.check(replay, compacted);
    }
  }

  @Override
  public void close() {
    clients.shutdownNow();
    puts.shutdownNow();
    engine.heal();
    nodes.forEach(TestNode::close);
    engine.close();
    assertThat(faults).isEmpty();
  }
}
