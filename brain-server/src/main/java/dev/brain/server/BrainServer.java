// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.event.EventHistory;
import dev.brain.server.grpc.AuthService;
import dev.brain.server.grpc.Authorization;
import dev.brain.server.grpc.ClusterService;
import dev.brain.server.grpc.Connections;
import dev.brain.server.grpc.Coordination;
import dev.brain.server.grpc.ElectionService;
import dev.brain.server.grpc.KvService;
import dev.brain.server.grpc.LeaseService;
import dev.brain.server.grpc.LockService;
import dev.brain.server.grpc.MaintenanceService;
import dev.brain.server.grpc.ReadQueue;
import dev.brain.server.grpc.Reads;
import dev.brain.server.grpc.ResponseBudget;
import dev.brain.server.grpc.ResponseHeaders;
import dev.brain.server.grpc.ServiceLimits;
import dev.brain.server.grpc.WatchService;
import dev.brain.server.grpc.WriteAdmission;
import dev.brain.server.http.Answer;
import dev.brain.server.http.HealthPages;
import dev.brain.server.http.HttpPages;
import dev.brain.server.http.Page;
import dev.brain.server.lease.Lessor;
import dev.brain.server.maintenance.Alarms;
import dev.brain.server.maintenance.AutoCompactor;
import dev.brain.server.maintenance.Quota;
import dev.brain.server.maintenance.Versions;
import dev.brain.server.metrics.CallMetrics;
import dev.brain.server.metrics.MeteredEngine;
import dev.brain.server.metrics.MetricsRegistry;
import dev.brain.server.metrics.OverloadMetrics;
import dev.brain.server.metrics.StoreMetrics;
import dev.brain.server.metrics.WatchMetrics;
import dev.brain.server.mvcc.Collaborators;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.snapshot.SnapshotSpool;
import dev.brain.server.transport.ClientPorts;
import dev.brain.server.transport.ConnectionLimit;
import dev.brain.server.transport.EventLoops;
import dev.brain.server.transport.HttpPorts;
import dev.brain.server.transport.ListenException;
import dev.brain.server.transport.ReloadingTls;
import dev.brain.server.transport.TlsException;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchLimits;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: puts all parts together, starts them in order and stops them in reverse. The
 * only place that makes threads and executors.
 */
final class BrainServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BrainServer.class);

  private static final String VERSION =
      "{\"etcdserver\":\""
          + Versions.SERVER
          + "\",\"etcdcluster\":\""
          + Versions.CLUSTER
          + "\",\"storage\":\""
          + Versions.STORAGE
          + "\"}";

  /** Calls that are under way when the server stops may take so long to end. */
  private static final Duration DRAIN = Duration.ofSeconds(3);

  /** etcd's shortest lease, with its default election timeout. */
  private static final long MIN_LEASE_SECONDS = 2;

  /** Revisions kept in memory for watches that are a little behind, however small they are. */
  private static final int HISTORY_REVISIONS = 1_000_000;

  /** Tasks of watches that wait for a thread: one for each loop, and a few reads for each. */
  private static final int WATCH_TASKS = 64;

  /** Reads that wait for a thread; more are refused as too many requests. */
  private static final int WAITING_READS = 10_000;

  /**
   * Above this the store refuses writes whoever sends them, so each connection needs room below.
   */
  private static final int MOST_WRITES = StoreConfig.DEFAULT.maxRequests() / 2;

  private final Threads threads;
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final MetricsRegistry metrics = new MetricsRegistry();

  /** Runs what is quick. */
  private final ScheduledThreadPoolExecutor timer;

  /** Runs what may wait for a disk. */
  private final ScheduledThreadPoolExecutor upkeep;

  private List<String> urls = List.of();

  private BrainServer(Threads threads) {
    this.threads = threads;
    closers.push(metrics::close);
    this.timer = threads.timer("brain-timer");
    this.upkeep = threads.timer("brain-upkeep");
    closers.push(this::stopTimers);
  }

  /** Waits for what they are at: it must not meet an engine that is closed. */
  private void stopTimers() {
    timer.shutdownNow();
    upkeep.shutdownNow();
    try {
      if (!timer.awaitTermination(1, TimeUnit.SECONDS)
          || !upkeep.awaitTermination(1, TimeUnit.SECONDS)) {
        log.warn("a timer is still at work");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts a server; when this returns it serves.
   *
   * @throws StartException if it cannot; nothing is left running then
   */
  static BrainServer start(ServerConfig config, Threads threads) throws StartException {
    BrainServer server = new BrainServer(threads);
    try {
      server.assemble(config);
      return server;
    } catch (TlsException | ListenException | EngineException e) {
      server.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (StartException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void assemble(ServerConfig config) throws StartException, TlsException, ListenException {
    // What is quick to check comes before what is slow to open.
    ReloadingTls tls = tls(config.tls());

    Engine opened = Engines.open(config.engine(), config.member().dataDirectory());
    closers.push(opened::close);
    Engine engine = new MeteredEngine(opened, metrics.meters());
    SecureRandom random = new SecureRandom();
    Store store = Store.open(engine, StoreConfig.DEFAULT, random);
    closers.push(store::close);
    closers.push(this::stopTimers);

    Alarms alarms = Alarms.open(store);
    Quota quota = new Quota(config.limits().quotaBytes(), alarms, store.memberId(), engine::usage);
    Lessor lessor = new Lessor(System::nanoTime, MIN_LEASE_SECONDS);
    WatchHub watches = watches(config.history(), store);
    store.start(
        new Collaborators(watches, lessor, quota, this::deposed),
        task -> threads.named("brain-store").newThread(task).start());
    lessor.start(store.leases(), new StoreLeases(store, upkeep));
    closers.push(lessor::stop);
    every(timer, Duration.ofMillis(Lessor.STEP_MILLIS), lessor::step);
    ThreadPoolExecutor background = pool("brain-background", 1, 16);
    every(upkeep, Duration.ofMillis(Quota.CHECK_MILLIS), quota::check);
    if (config.history().compaction() != null) {
      compactBySelf(config.history().compaction(), store);
    }

    StoreHealth health = new StoreHealth(store, () -> names(alarms));
    HttpPages http = httpPages(health);
    new StoreMetrics(
            store,
            engine,
            new StoreMetrics.Facts(
                Versions.SERVER, config.limits().quotaBytes(), health::hasLeader))
        .bindTo(metrics.meters());
    new WatchMetrics(watches.usage()).bindTo(metrics.meters());

    ResponseHeaders headers = new ResponseHeaders(store);
    ServiceLimits limits =
        new ServiceLimits(
            config.limits().maxRequestBytes(),
            config.limits().maxTxnOps(),
            ServiceLimits.DEFAULT.requestTimeout());
    ThreadPoolExecutor readers =
        pool(
            "brain-read",
            Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
            WAITING_READS);
    WriteAdmission writes =
        new WriteAdmission(System::nanoTime, config.limits().writeLatency(), MOST_WRITES);
    new OverloadMetrics(writes::underWay, writes::limit).bindTo(metrics.meters());
    Coordination coordination =
        new Coordination(store, watches, headers, lessor, readers, random::nextLong);
    OneMember membership =
        new OneMember(store.memberId(), config.member().name(), config.clients().advertise());
    HealthStatusManager grpcHealth = new HealthStatusManager();
    open(
        config,
        tls,
        http,
        List.of(
            new KvService(store, headers, limits, reads(readers, limits), writes),
            new WatchService(watches, headers::at, limits.maxRequestBytes()),
            new LeaseService(store, lessor, headers, random::nextLong, writes),
            new MaintenanceService(
                store,
                headers,
                membership,
                alarms,
                quota,
                readers,
                background,
                timer,
                new SnapshotSpool.Place(config.member().dataDirectory())),
            new ClusterService(membership, headers),
            new AuthService(headers),
            new LockService(coordination),
            new ElectionService(coordination),
            grpcHealth.getHealthService()));
    membership.serveAt(urls);
    closers.push(watches::close);
    closers.push(
        () -> {
          health.leave();
          grpcHealth.enterTerminalState();
        });
    grpcHealth.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    log.atInfo()
        .addKeyValue("clients", urls)
        .addKeyValue("data", config.member().dataDirectory())
        .addKeyValue("revision", store.revision())
        .log("ready");
  }

  private WatchHub watches(ServerConfig.History config, Store store) {
    EventHistory history =
        new EventHistory(store.revision(), config.watchBytes(), HISTORY_REVISIONS);
    WatchHub.Executors executors =
        new WatchHub.Executors(
            pool("brain-watch", 1, WATCH_TASKS),
            pool("brain-watch-read", 2, WATCH_TASKS),
            (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    return new WatchHub(
        WatchLimits.DEFAULT.withProgressInterval(config.progressInterval()),
        new StoreWatchSource(store),
        history,
        executors,
        new SplittableRandom());
  }

  private void compactBySelf(ServerConfig.AutoCompaction config, Store store) {
    AutoCompactor.Policy policy =
        switch (config) {
          case ServerConfig.AutoCompaction.Periodic(Duration retention) ->
              new AutoCompactor.Policy.Time(retention);
          case ServerConfig.AutoCompaction.Revisions(long retention) ->
              new AutoCompactor.Policy.Revisions(retention);
        };
    AutoCompactor compactor =
        new AutoCompactor(
            System::nanoTime,
            store::revision,
            revision ->
                store.compact(revision, /* physical= */ false, new LoggedCompaction(revision)),
            policy);
    every(timer, compactor.period(), compactor::step);
  }

  private @Nullable ReloadingTls tls(ServerConfig.@Nullable Tls files) throws TlsException {
    if (files == null) {
      return null;
    }
    ReloadingTls tls = new ReloadingTls(files, Clock.systemUTC());
    every(upkeep, Duration.ofSeconds(1), tls::reloadIfChanged);
    return tls;
  }

  /** Reads that may block are bounded by threads and by the bytes of their answers. */
  private Reads reads(ThreadPoolExecutor readers, ServiceLimits limits) {
    ResponseBudget budget = new ResponseBudget(Runtime.getRuntime().maxMemory() / 4, WAITING_READS);
    ReadQueue queue = new ReadQueue(readers, readers.getMaximumPoolSize(), WAITING_READS);
    return new Reads(queue, timer, budget, limits.requestTimeout());
  }

  private ThreadPoolExecutor pool(String name, int size, int waiting) {
    ThreadPoolExecutor pool = threads.pool(name, size, waiting);
    closers.push(pool::shutdownNow);
    return pool;
  }

  private static Set<String> names(Alarms alarms) {
    return alarms.all().stream().map(alarm -> alarm.kind().name()).collect(Collectors.toSet());
  }

  private HttpPages httpPages(StoreHealth health) {
    Map<String, Page> pages = new HashMap<>(HealthPages.of(health));
    pages.put("/version", _ -> Answer.ok("application/json", VERSION));
    pages.put("/metrics", _ -> Answer.ok(MetricsRegistry.CONTENT_TYPE, metrics.text()));
    return new HttpPages(pages, pool("brain-http", 2, 64));
  }

  private void open(
      ServerConfig config,
      @Nullable ReloadingTls tls,
      HttpPages http,
      List<BindableService> services)
      throws ListenException {
    EventLoops loops =
        EventLoops.start(
            Runtime.getRuntime().availableProcessors(), threads.named("brain-network"));
    closers.push(loops::close);
    closers.push(http::close);
    ConnectionLimit connections = new ConnectionLimit(config.clients().maxConnections());
    HttpPorts httpPorts =
        HttpPorts.open(config.observing().metricsListen(), loops, tls, connections, http);
    closers.push(httpPorts::close);
    List<ServerServiceDefinition> definitions =
        services.stream()
            .map(service -> ServerInterceptors.intercept(service, new Authorization()))
            .toList();
    CallMetrics calls =
        new CallMetrics(metrics.meters(), definitions, config.observing().extensiveMetrics());
    ClientPorts ports =
        ClientPorts.open(
            config.clients(),
            config.limits().maxRequestBytes(),
            new ClientPorts.Parts(
                loops, tls, connections, http, List.of(calls), List.of(new Connections())),
            definitions);
    closers.push(() -> ports.close(DRAIN));
    urls = ports.urls();
  }

  private static void every(ScheduledThreadPoolExecutor executor, Duration period, Runnable task) {
    ScheduledFuture<?> _ =
        executor.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What another process writes now must not be answered here as if it were the newest. */
  private void deposed() {
    threads.fail(new IllegalStateException("another server has taken over this data"));
  }

  /** Where clients are served. */
  List<String> urls() {
    return urls;
  }

  /** Waits until the server is closed. */
  void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /** Stops everything, the last started first. Each step is bounded in time. */
  @Override
  public void close() {
    while (!closers.isEmpty()) {
      Runnable closer = closers.pop();
      try {
        closer.run();
      } catch (RuntimeException e) {
        log.error("a part could not be closed", e);
      }
    }
    closed.countDown();
  }
}
