// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.Leader;
import dev.brain.engine.Engine;
import dev.brain.server.cluster.RegisteredMember;
import dev.brain.server.config.ConfigException;
import dev.brain.server.event.EventHistory;
import dev.brain.server.grpc.PeerService;
import dev.brain.server.grpc.ReadQueue;
import dev.brain.server.grpc.ResponseBudget;
import dev.brain.server.grpc.ResponseHeaders;
import dev.brain.server.grpc.ServiceLimits;
import dev.brain.server.grpc.WatchService;
import dev.brain.server.grpc.WriteAdmission;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.mvcc.StoreIdentity;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchLimits;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A node with its ports, over an engine that it shares with others. */
final class TestNode implements AutoCloseable {
  final String name;
  final HandElection election;
  final Node node;
  final ManagedChannel clients;

  /** How often this node has looked who leads. */
  final AtomicInteger looks = new AtomicInteger();

  private final ManagedChannel peers;
  private final List<Server> servers = new ArrayList<>();
  private final Threads threads;
  private final List<ThreadPoolExecutor> pools = new ArrayList<>();
  private final WatchHub hub;
  private volatile boolean cut;

  /**
   * @param nodes all nodes of the cluster by name; this one is added
   * @param known whom all nodes take for the leader
   */
  TestNode(
      String name,
      Engine engine,
      Threads threads,
      Map<String, TestNode> nodes,
      AtomicReference<Optional<Leader>> known)
      throws IOException, ConfigException {
    this.name = name;
    this.threads = threads;
    this.election = new HandElection(name, known);
    ScheduledThreadPoolExecutor timer = threads.timer(name + "-timer");
    pools.add(timer);
    SecureRandom random = new SecureRandom();
    StoreIdentity identity = StoreIdentity.of(engine, random);
    AtomicReference<Node> self = new AtomicReference<>();
    this.hub =
        new WatchHub(
            WatchLimits.DEFAULT,
            new NodeWatchSource(() -> self.get().view()),
            new EventHistory(identity.revision(), 1 << 20, 1_000),
            new WatchHub.Executors(
                pool("watch", 1),
                pool("watch-read", 2),
                (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS)),
            new SplittableRandom(1));
    ResponseHeaders headers =
        new ResponseHeaders(
            identity.clusterId(),
            name.hashCode(),
            () -> self.get().epoch(),
            () -> self.get().view().revision());
    ThreadPoolExecutor readers = pool("read", 4);
    LeaderLink link = new LeaderLink(() -> leader(nodes, known));
    NodeParts parts =
        new NodeParts(
            TestConfig.of(),
            engine,
            hub,
            headers,
            membership(nodes, known),
            new ServiceLimits(1_572_864, 128, Duration.ofSeconds(5)),
            new ResponseBudget(64 << 20, 100),
            new ReadQueue(readers, 4, 1_000),
            new WriteAdmission(System::nanoTime, Duration.ofSeconds(1), 5_000),
            readers,
            pool("background", 1),
            timer,
            timer,
            task -> threads.named(name + "-store").newThread(task).start(),
            random);
    this.node =
        new Node(
            parts,
            election,
            link,
            identity.revision(),
            () -> {},
            looks::incrementAndGet,
            pool("role", 1));
    self.set(node);
    node.begin();
    BindableService watch = new WatchService(hub, headers::at, 1_572_864);
    this.clients = serve(node.clientServices(), watch);
    this.peers =
        serve(
            node.peerServices(),
            watch,
            new PeerService(
                new RegisteredMember(new Member(name.hashCode(), name, List.of(), List.of()), 1),
                node));
    nodes.put(name, this);
  }

  private Membership membership(
      Map<String, TestNode> nodes, AtomicReference<Optional<Leader>> known) {
    return new Membership() {
      @Override
      public List<Member> members() {
        return nodes.keySet().stream()
            .map(one -> new Member(one.hashCode(), one, List.of(), List.of()))
            .toList();
      }

      @Override
      public long self() {
        return name.hashCode();
      }

      @Override
      public long leader() {
        return known.get().map(leader -> leader.identity().hashCode()).orElse(0);
      }
    };
  }

  private Optional<Channel> leader(
      Map<String, TestNode> nodes, AtomicReference<Optional<Leader>> known) {
    return known
        .get()
        .map(leader -> nodes.get(leader.identity()))
        .filter(other -> other != this && !cut)
        .map(other -> other.peers);
  }

  /** Whether this node cannot reach the leader from now on. */
  void cut(boolean isCut) {
    cut = isCut;
  }

  private ThreadPoolExecutor pool(String what, int size) {
    ThreadPoolExecutor pool = threads.pool(name + "-" + what, size, 1_000);
    pools.add(pool);
    return pool;
  }

  private ManagedChannel serve(List<ServerServiceDefinition> services, BindableService... more)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor();
    services.forEach(builder::addService);
    for (BindableService service : more) {
      builder.addService(service);
    }
    Server server = builder.build().start();
    servers.add(server);
    return NettyChannelBuilder.forAddress(server.getListenSockets().getFirst())
        .usePlaintext()
        .build();
  }

  @Override
  public void close() {
    node.close();
    clients.shutdownNow();
    peers.shutdownNow();
    hub.close();
    servers.forEach(Server::shutdownNow);
    node.end();
    pools.forEach(ThreadPoolExecutor::shutdownNow);
  }
}
