// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.election.Election;
import dev.brain.election.ElectionThreads;
import dev.brain.election.Leader;
import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.server.cluster.ClusterMembership;
import dev.brain.server.cluster.Instances;
import dev.brain.server.cluster.MemberRegistry;
import dev.brain.server.cluster.RegisteredMember;
import dev.brain.server.cluster.Registration;
import dev.brain.server.config.ClusterConfig;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.grpc.PeerInstances;
import dev.brain.server.grpc.PeerService;
import dev.brain.server.grpc.RequireLeader;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.MemberRemoval;
import dev.brain.server.mvcc.StoreView;
import dev.brain.server.transport.EventLoops;
import dev.brain.server.transport.ListenException;
import dev.brain.server.transport.PeerChannels;
import dev.brain.server.transport.PeerPorts;
import dev.brain.server.transport.PeerTls;
import io.grpc.ServerServiceDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a node needs that shares its engine with others. Thread-safe. */
final class Clustering implements MemberRemoval, AutoCloseable {
  /** A leader that is lost for so long may not come back; as long as with etcd's defaults. */
  static final int PATIENCE_SECONDS = 3;

  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final ClusterConfig config;
  private final Engine engine;
  private final RegisteredMember self;
  private final Election election;
  private final LeaderChannels leaders;
  private final Instances instances;
  private final EventLoops loops;
  private final @Nullable PeerTls tls;
  private volatile @Nullable PeerPorts ports;
  private volatile @Nullable ClusterMembership membership;
  private int secondsWithoutLeader;

  /**
   * Takes no part in anything yet.
   *
   * @param self this node, whose URLs may not be known yet
   * @param resolving finds the addresses of host names
   * @param view what this node reads
   * @throws StartException if the election cannot be held as configured
   */
  Clustering(
      ClusterConfig config,
      Engine engine,
      RegisteredMember self,
      EventLoops loops,
      @Nullable PeerTls tls,
      Executor resolving,
      ElectionThreads threads,
      RandomGenerator random,
      Supplier<StoreView> view)
      throws StartException {
    this.config = config;
    this.engine = engine;
    this.self = self;
    this.loops = loops;
    this.tls = tls;
    PeerChannels channels = new PeerChannels(loops, resolving, tls);
    this.leaders = new LeaderChannels(channels::open);
    this.instances = new PeerInstances(channels::open);
    this.election =
        Elections.make(
            config, engine, self.member().name(), threads, random, key -> holds(view.get(), key));
  }

  private static boolean holds(StoreView view, String key) {
    try {
      return view.range(RangeQuery.newest(KeyRange.single(key.getBytes(StandardCharsets.UTF_8))))
              .count()
          > 0;
    } catch (FailureException e) {
      throw new IllegalStateException("this node's own store cannot be read: " + e.failure(), e);
    }
  }

  Election election() {
    return election;
  }

  LeaderLink link() {
    return new LeaderLink(leaders::current);
  }

  /** Serves the other members from now on. */
  void open(Node node, List<ServerServiceDefinition> more, ServerConfig.Limits limits)
      throws ListenException {
    List<ServerServiceDefinition> services = new ArrayList<>(node.peerServices());
    services.addAll(more);
    services.add(new PeerService(self, node).bindService());
    ports = PeerPorts.open(config.peers(), limits.maxRequestBytes(), loops, tls, services);
  }

  /**
   * Puts this node on the list of members. Blocks.
   *
   * @param clientUrls where clients are served
   * @throws StartException if another process has its name
   */
  ClusterMembership register(List<String> clientUrls) throws StartException {
    List<String> advertised = config.peers().advertise();
    PeerPorts open = ports;
    Member member =
        new Member(
            self.member().id(),
            self.member().name(),
            advertised.isEmpty() && open != null ? open.urls() : advertised,
            clientUrls);
    RegisteredMember reachable = new RegisteredMember(member, self.instance());
    MemberRegistry registry = new MemberRegistry(engine);
    if (registry.register(reachable, instances) instanceof Registration.NameTaken taken) {
      throw new StartException(taken.message(), null);
    }
    ClusterMembership members =
        new ClusterMembership(registry, reachable, instances, this::leaderId);
    membership = members;
    members.refresh();
    return members;
  }

  private long leaderId() {
    return leader().map(Member::id).orElse(0L);
  }

  private Optional<Member> leader() {
    ClusterMembership members = membership;
    Optional<Leader> known = election.leader();
    if (members == null || known.isEmpty()) {
      return Optional.empty();
    }
    String name = known.get().identity();
    return members.members().stream().filter(member -> member.name().equals(name)).findAny();
  }

  /** Reads the members again, and finds the leader among them. Blocks. */
  void refresh() {
    ClusterMembership members = membership;
    if (members != null) {
      members.refresh();
      follow();
    }
  }

  /** Finds the leader among the members that are known; reads them again if it is not. Blocks. */
  void observed() {
    if (leader().isEmpty() && election.leader().isPresent()) {
      refresh();
    } else {
      follow();
    }
  }

  private void follow() {
    leaders.follow(leader().filter(member -> member.id() != self.member().id()));
  }

  @Override
  public Outcome remove(long id) {
    ClusterMembership members = membership;
    return members == null ? Outcome.NOT_FOUND : members.remove(id);
  }

  /** Does what is to be done every second; never blocks. */
  void tick(RequireLeader streams) {
    leaders.retry();
    secondsWithoutLeader = election.leader().isPresent() ? 0 : secondsWithoutLeader + 1;
    if (secondsWithoutLeader >= PATIENCE_SECONDS) {
      streams.leaderLost();
    }
  }

  /** Serves and asks nobody any more. */
  @Override
  public void close() {
    leaders.close();
    PeerPorts open = ports;
    if (open != null) {
      open.close(DRAIN);
    }
  }
}
