// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.ElectionThreads;
import dev.brain.election.NoElection;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.server.cluster.RegisteredMember;
import dev.brain.server.config.ClusterConfig;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.event.EventHistory;
import dev.brain.server.grpc.AuthService;
import dev.brain.server.grpc.Authorization;
import dev.brain.server.grpc.ClusterService;
import dev.brain.server.grpc.Connections;
import dev.brain.server.grpc.ReadQueue;
import dev.brain.server.grpc.RequireLeader;
import dev.brain.server.grpc.ResponseBudget;
import dev.brain.server.grpc.ResponseHeaders;
import dev.brain.server.grpc.ServiceLimits;
import dev.brain.server.grpc.WatchService;
import dev.brain.server.grpc.WriteAdmission;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.http.Answer;
import dev.brain.server.http.HealthPages;
import dev.brain.server.http.HealthSource;
import dev.brain.server.http.HttpPages;
import dev.brain.server.http.Page;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.maintenance.Versions;
import dev.brain.server.metrics.CallMetrics;
import dev.brain.server.metrics.MeteredEngine;
import dev.brain.server.metrics.MetricsRegistry;
import dev.brain.server.metrics.OverloadMetrics;
import dev.brain.server.metrics.StoreMetrics;
import dev.brain.server.metrics.WatchMetrics;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.mvcc.StoreIdentity;
import dev.brain.server.transport.ClientPorts;
import dev.brain.server.transport.ConnectionLimit;
import dev.brain.server.transport.EventLoops;
import dev.brain.server.transport.HttpPorts;
import dev.brain.server.transport.ListenException;
import dev.brain.server.transport.PeerTls;
import dev.brain.server.transport.ReloadingTls;
import dev.brain.server.transport.TlsException;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchLimits;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

  /** Changes of the role that wait for the one before; an election tells one at a time. */
  private static final int ROLE_CHANGES = 16;

  /** How often the list of members is read, in which they change rarely. */
  private static final Duration MEMBERS_PERIOD = Duration.ofSeconds(5);

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
  private volatile @Nullable Node node;

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
    PeerTls peerTls = peerTls(config.cluster());

    Engine opened = Engines.open(config.engine(), config.member().dataDirectory());
    closers.push(opened::close);
    closers.push(this::stopTimers);
    Engine engine = new MeteredEngine(opened, metrics.meters());
    SecureRandom random = new SecureRandom();
    StoreIdentity identity = StoreIdentity.of(engine, random);
    EventLoops loops =
        EventLoops.start(
            Runtime.getRuntime().availableProcessors(), threads.named("brain-network"));
    closers.push(loops::close);

    RegisteredMember self = self(config, identity, random);
    LateMembership membership = new LateMembership(self.member());
    NodeParts parts = parts(config, engine, identity, membership, random);
    Clustering clustering = clustering(config, engine, self, loops, peerTls, random);
    Node started = node(parts, clustering, identity.revision());
    node = started;
    closers.push(started::end);
    if (clustering == null) {
      closers.push(started::close);
      started.begin();
    }

    HealthStatusManager grpcHealth = new HealthStatusManager();
    RequireLeader requireLeader = new RequireLeader(started::hasLeader);
    ServerServiceDefinition watch =
        new WatchService(parts.hub(), parts.headers()::at, parts.limits().maxRequestBytes())
            .bindService();
    List<ServerServiceDefinition> services = new ArrayList<>(started.clientServices());
    services.add(watch);
    services.addAll(
        Leading.bound(
            clustering == null
                ? new ClusterService(membership, parts.headers())
                : new ClusterService(membership, clustering, parts.headers(), parts.background()),
            new AuthService(parts.headers()),
            grpcHealth.getHealthService()));
    bindMetrics(started, parts);
    if (clustering != null) {
      clustering.open(started, List.of(watch), config.limits());
      closers.push(clustering::close);
    }
    open(config, tls, loops, httpPages(started), requireLeader, services);
    closers.push(parts.hub()::close);
    if (clustering == null) {
      membership.become(Membership.single(reachable(self, config)));
    } else {
      closers.push(started::close);
      join(clustering, membership, reachable(self, config), requireLeader);
      started.begin();
    }
    closers.push(
        () -> {
          started.leave();
          grpcHealth.enterTerminalState();
        });
    grpcHealth.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    log.atInfo()
        .addKeyValue("clients", urls)
        .addKeyValue("data", config.member().dataDirectory())
        .addKeyValue("revision", started.view().revision())
        .log("ready");
  }

  /** This node, as far as it is known before its ports are open. */
  private static RegisteredMember self(
      ServerConfig config, StoreIdentity identity, SecureRandom random) {
    String name = config.member().name();
    long id =
        config.cluster() == null
            ? identity.memberId()
            : RegisteredMember.id(identity.clusterId(), name);
    return new RegisteredMember(
        new Member(id, name, List.of(), config.clients().advertise()), random.nextLong());
  }

  /** This node with the places where clients reach it. */
  private Member reachable(RegisteredMember self, ServerConfig config) {
    List<String> advertised = config.clients().advertise();
    return new Member(
        self.member().id(),
        self.member().name(),
        List.of(),
        advertised.isEmpty() ? urls : advertised);
  }

  private NodeParts parts(
      ServerConfig config,
      Engine engine,
      StoreIdentity identity,
      LateMembership membership,
      SecureRandom random) {
    ThreadPoolExecutor readers =
        pool(
            "brain-read",
            Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
            WAITING_READS);
    return new NodeParts(
        config,
        engine,
        watches(config.history(), identity.revision()),
        new ResponseHeaders(
            identity.clusterId(),
            membership.self(),
            () -> node().epoch(),
            () -> node().view().revision()),
        membership,
        new ServiceLimits(
            config.limits().maxRequestBytes(),
            config.limits().maxTxnOps(),
            ServiceLimits.DEFAULT.requestTimeout()),
        new ResponseBudget(Runtime.getRuntime().maxMemory() / 4, WAITING_READS),
        new ReadQueue(readers, readers.getMaximumPoolSize(), WAITING_READS),
        new WriteAdmission(System::nanoTime, config.limits().writeLatency(), MOST_WRITES),
        readers,
        pool("brain-background", 1, 16),
        timer,
        upkeep,
        task -> threads.named("brain-store").newThread(task).start(),
        random);
  }

  private @Nullable Clustering clustering(
      ServerConfig config,
      Engine engine,
      RegisteredMember self,
      EventLoops loops,
      @Nullable PeerTls peerTls,
      SecureRandom random)
      throws StartException {
    ClusterConfig cluster = config.cluster();
    if (cluster == null) {
      return null;
    }
    ScheduledThreadPoolExecutor election = threads.timer("brain-election");
    closers.push(election::shutdownNow);
    return new Clustering(
        cluster,
        engine,
        self,
        loops,
        peerTls,
        pool("brain-resolve", 1, ROLE_CHANGES),
        new ElectionThreads(election, pool("brain-election-call", 2, ROLE_CHANGES)),
        random,
        () -> node().view());
  }

  private Node node(NodeParts parts, @Nullable Clustering clustering, long revision) {
    ExecutorService roles = pool("brain-role", 1, ROLE_CHANGES);
    return clustering == null
        ? new Node(
            parts,
            new NoElection(parts.config().member().name()),
            new LeaderLink(Optional::empty),
            revision,
            this::deposed,
            () -> {},
            roles)
        : new Node(
            parts,
            clustering.election(),
            clustering.link(),
            revision,
            () -> {},
            clustering::observed,
            roles);
  }

  private void join(
      Clustering clustering,
      LateMembership membership,
      Member reachable,
      RequireLeader requireLeader)
      throws StartException {
    membership.become(clustering.register(reachable.clientUrls()));
    every(upkeep, MEMBERS_PERIOD, clustering::refresh);
    every(timer, Duration.ofSeconds(1), () -> clustering.tick(requireLeader));
  }

  private Node node() {
    return Objects.requireNonNull(node, "node");
  }

  private void bindMetrics(Node measured, NodeParts parts) {
    WriteAdmission writes = parts.writes();
    new StoreMetrics(
            measured::view,
            parts.engine(),
            new StoreMetrics.Facts(
                Versions.SERVER,
                parts.config().limits().quotaBytes(),
                measured::hasLeader,
                measured::leads))
        .bindTo(metrics.meters());
    new WatchMetrics(parts.hub().usage()).bindTo(metrics.meters());
    new OverloadMetrics(writes::underWay, writes::limit).bindTo(metrics.meters());
  }

  private WatchHub watches(ServerConfig.History config, long revision) {
    EventHistory history = new EventHistory(revision, config.watchBytes(), HISTORY_REVISIONS);
    WatchHub.Executors executors =
        new WatchHub.Executors(
            pool("brain-watch", 1, WATCH_TASKS),
            pool("brain-watch-read", 2, WATCH_TASKS),
            (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    return new WatchHub(
        WatchLimits.DEFAULT.withProgressInterval(config.progressInterval()),
        new NodeWatchSource(() -> node().view()),
        history,
        executors,
        new SplittableRandom());
  }

  private @Nullable ReloadingTls tls(ServerConfig.@Nullable Tls files) throws TlsException {
    if (files == null) {
      return null;
    }
    ReloadingTls tls = new ReloadingTls(files, Clock.systemUTC());
    every(upkeep, Duration.ofSeconds(1), tls::reloadIfChanged);
    return tls;
  }

  private @Nullable PeerTls peerTls(@Nullable ClusterConfig cluster) throws TlsException {
    ServerConfig.Tls files = cluster == null ? null : cluster.peers().tls();
    if (files == null) {
      return null;
    }
    PeerTls tls = new PeerTls(files, Clock.systemUTC());
    every(upkeep, Duration.ofSeconds(1), tls::reloadIfChanged);
    return tls;
  }

  private ThreadPoolExecutor pool(String name, int size, int waiting) {
    ThreadPoolExecutor pool = threads.pool(name, size, waiting);
    closers.push(pool::shutdownNow);
    return pool;
  }

  private HttpPages httpPages(HealthSource health) {
    Map<String, Page> pages = new HashMap<>(HealthPages.of(health));
    pages.put("/version", _ -> Answer.ok("application/json", VERSION));
    pages.put("/metrics", _ -> Answer.ok(MetricsRegistry.CONTENT_TYPE, metrics.text()));
    return new HttpPages(pages, pool("brain-http", 2, 64));
  }

  private void open(
      ServerConfig config,
      @Nullable ReloadingTls tls,
      EventLoops loops,
      HttpPages http,
      RequireLeader requireLeader,
      List<ServerServiceDefinition> services)
      throws ListenException {
    closers.push(http::close);
    ConnectionLimit connections = new ConnectionLimit(config.clients().maxConnections());
    HttpPorts httpPorts =
        HttpPorts.open(config.observing().metricsListen(), loops, tls, connections, http);
    closers.push(httpPorts::close);
    List<ServerServiceDefinition> definitions =
        services.stream()
            .map(
                service ->
                    ServerInterceptors.intercept(service, requireLeader, new Authorization()))
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
