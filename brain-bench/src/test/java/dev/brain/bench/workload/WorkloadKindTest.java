// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.bench.FakeServer;
import dev.brain.bench.load.LoadResult;
import dev.brain.bench.load.LoadRun;
import dev.brain.bench.load.Plan;
import dev.brain.bench.load.SeriesResult;
import dev.brain.bench.load.UsageProbe;
import dev.brain.bench.wire.Connections;
import dev.brain.bench.wire.Credentials;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs every workload against a small server that can be told to misbehave. */
class WorkloadKindTest {
  private static final int KEYS = 57;
  private static final int CLIENTS = 5;
  private static final int OPERATIONS = 200;

  /** So many that each kind of operation of a workload comes. */
  private static final int ENOUGH = 600;

  /** Faster than a workload would go that has a rate of its own. */
  private static final double FAST = 2000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private FakeServer server;
  private Connections connections;

  @BeforeEach
  void connect() throws IOException {
    server = FakeServer.start();
    connections = Connections.open(server.endpoint(), Credentials.NONE, 2, loops);
  }

  @AfterEach
  void close() {
    connections.close();
    server.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @ParameterizedTest
  @EnumSource
  void run_soundServer_measuresEverySeriesWithoutFault(WorkloadKind kind) throws Exception {
    LoadResult result = run(kind, scene(CLIENTS), ENOUGH);
    assertThat(result.errors()).isEmpty();
    assertThat(result.faults()).isEmpty();
    assertThat(result.conflicts()).isZero();
    assertThat(result.unanswered()).isZero();
    assertThat(result.series()).allMatch(series -> series.operations() > 0);
    assertThat(result.throughput()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void run_again_findsTheServerAsItNeeds(WorkloadKind kind) throws Exception {
    run(kind, scene(CLIENTS), OPERATIONS);
    LoadResult result = run(kind, scene(CLIENTS, "second"), OPERATIONS);
    assertThat(result.isSound()).isTrue();
    assertThat(result.conflicts()).isZero();
  }

  @Test
  void insert_anyNumber_leavesAsManyKeys() throws Exception {
    LoadResult result = run(WorkloadKind.INSERT, scene(CLIENTS), OPERATIONS);
    assertThat(operations(result, 0)).isEqualTo(OPERATIONS);
    assertThat(server.store().count("/insert-")).isBetween(OPERATIONS + 0L, OPERATIONS + 10L);
  }

  @Test
  void insert_keysThatExist_areConflicts() throws Exception {
    run(WorkloadKind.INSERT, scene(1), OPERATIONS);
    LoadResult result = run(WorkloadKind.INSERT, scene(1), OPERATIONS);
    assertThat(result.conflicts()).isBetween(OPERATIONS + 0L, OPERATIONS + 2L);
  }

  @Test
  void delete_allKeys_leavesNone() throws Exception {
    LoadResult result = run(WorkloadKind.DELETE, scene(CLIENTS), OPERATIONS);
    assertThat(operations(result, 0)).isPositive();
    assertThat(server.store().count("/delete-")).isZero();
  }

  @Test
  void list_pages_countKeysAndNotPages() throws Exception {
    LoadResult result = run(WorkloadKind.LIST, scene(1), 12);
    SeriesResult pages = result.series().getFirst();
    // 57 keys are pages of 10, 10, 10, 10, 10 and 7.
    assertThat(pages.unitsPerSecond() / pages.operationsPerSecond()).isBetween(9.0, 10.0);
    assertThat(result.unit()).isEqualTo("keys");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_ALL", "COUNT", "RANGE_STREAM"})
  void list_keyLost_isAnError(WorkloadKind kind) throws Exception {
    try (Workload workload = kind.create(scene(1))) {
      LoadResult result =
          execute(new Losing(workload, () -> server.store().lose("/keys-")), 1, OPERATIONS, 3);
      assertThat(result.errors().keySet()).singleElement().asString().contains("expected: ");
      assertThat(result.faults()).contains("the run was ended early: more than 3 errors");
    }
  }

  @Test
  void watch_everyEvent_isMeasuredForEachWatcher() throws Exception {
    LoadResult result = run(WorkloadKind.WATCH, scene(1), OPERATIONS);
    assertThat(result.unit()).isEqualTo("events");
    assertThat(operations(result, 1)).isBetween(3L, 3L * OPERATIONS + 30);
  }

  @Test
  void watch_eventLost_isAFaultOfEachWatcher() throws Exception {
    server.store().lostEvents.set(1);
    Scene scene = scene(1, "first", Duration.ofMillis(200));
    LoadResult result = run(WorkloadKind.WATCH, scene, OPERATIONS);
    assertThat(result.faults()).hasSize(3).allMatch(fault -> fault.contains("events (expected: "));
    assertThat(result.isSound()).isFalse();
  }

  @Test
  void nodeScale_anyCluster_leavesThePodsOfItsNodesAndAFewMore() throws Exception {
    LoadResult result = run(WorkloadKind.NODE_SCALE, scene(CLIENTS), ENOUGH);
    assertThat(server.store().count("/lease-57-64/")).isEqualTo(KEYS);
    assertThat(server.store().count("/pod-1710-64/")).isEqualTo(30 * KEYS);
    long created = operations(result, 1);
    long deleted = operations(result, 3);
    assertThat(created).isPositive();
    assertThat(server.store().count("/pod-first/")).isBetween(created - deleted - 5, created + 5);
    assertThat(result.rate()).isEqualTo(FAST);
  }

  @Test
  void nodeScale_eventLost_isAFaultOfEachApiserver() throws Exception {
    server.store().lostEvents.set(30 * KEYS + KEYS + 1); // those of the filling, and one
    Scene scene = scene(CLIENTS, "first", Duration.ofMillis(500));
    LoadResult result = run(WorkloadKind.NODE_SCALE, scene, OPERATIONS);
    assertThat(result.faults()).hasSize(2).allMatch(fault -> fault.contains("events (expected: "));
  }

  @Test
  void update_refused_isCountedByText() throws Exception {
    try (Workload workload = WorkloadKind.UPDATE.create(scene(CLIENTS))) {
      LoadResult result =
          execute(new Losing(workload, () -> server.store().refusals.set(2)), CLIENTS, 500, 10);
      assertThat(result.errors())
          .containsEntry("RESOURCE_EXHAUSTED: etcdserver: too many requests", 2L);
      assertThat(result.isSound()).isTrue();
    }
  }

  @Test
  void prepare_refused_saysWhy() {
    server.store().refusals.set(Integer.MAX_VALUE);
    assertThatThrownBy(() -> run(WorkloadKind.GET, scene(1), 1))
        .isInstanceOf(WorkloadException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED: etcdserver: too many requests");
  }

  @Test
  void create_fewerKeysThanClients_isRefused() {
    assertThatThrownBy(() -> WorkloadKind.UPDATE.create(scene(KEYS + 1)))
        .isInstanceOf(WorkloadException.class)
        .hasMessage("keys to update: 57 (expected: at least one per client of 58)");
  }

  @Test
  void fill_rewrites_changeEveryKeyAsOftenAsAsked() throws Exception {
    WorkloadKind.fill(scene(1), /* rewrites= */ 0, /* batch= */ 10);
    long before = server.store().revision();
    WorkloadKind.fill(scene(1), /* rewrites= */ 3, /* batch= */ 10);
    assertThat(server.store().revision() - before).isEqualTo(3 * KEYS);
    assertThat(server.store().count("/keys-")).isEqualTo(KEYS);
  }

  @Test
  void clean_afterAll_leavesNothing() throws Exception {
    run(WorkloadKind.MIXED, scene(CLIENTS), OPERATIONS);
    assertThat(server.store().count("")).isPositive();
    WorkloadKind.clean(scene(1));
    assertThat(server.store().count("")).isZero();
  }

  private static long operations(LoadResult result, int series) {
    return result.series().get(series).operations();
  }

  private LoadResult run(WorkloadKind kind, Scene scene, long count) throws InterruptedException {
    try (Workload workload = kind.create(scene)) {
      return execute(workload, scene.clients(), count, 0);
    }
  }

  private LoadResult execute(Workload workload, int clients, long count, long maxErrors)
      throws InterruptedException {
    double rate = workload.rate() > 0 ? FAST : 0;
    Plan plan = new Plan(clients, rate, Duration.ZERO, PATIENCE, count, PATIENCE, maxErrors);
    UsageProbe probe = new UsageProbe(Path.of("/nowhere"), 0, 1);
    return new LoadRun(workload, plan, loops, System::nanoTime, probe)
        .execute((phase, seconds, completed, errors) -> {});
  }

  private Scene scene(int clients) {
    return scene(clients, "first");
  }

  private Scene scene(int clients, String run) {
    return scene(clients, run, PATIENCE);
  }

  private Scene scene(int clients, String run, Duration timeout) {
    Shape shape = new Shape("/registry/brain-bench/", 70, KEYS, 10, 3, KEYS, 2);
    Values values = new Values(64, new SplittableRandom(1));
    return new Scene(connections, values, shape, run, clients, timeout, System::nanoTime);
  }
}
