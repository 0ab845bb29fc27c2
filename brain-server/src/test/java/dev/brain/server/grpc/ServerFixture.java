// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.engine.Engine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.server.event.EventHistory;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Completion;
import dev.brain.server.lease.LeaseRevoker;
import dev.brain.server.lease.Lessor;
import dev.brain.server.maintenance.Alarms;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.maintenance.Quota;
import dev.brain.server.mvcc.Collaborators;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.snapshot.SnapshotSpool;
import dev.brain.server.watch.WatchHub;
import dev.brain.server.watch.WatchLimits;
import dev.brain.server.watch.WatchSource;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** All services over a store in memory, on a loopback port. The lessor's clock is the test's. */
final class ServerFixture implements AutoCloseable {
  final Engine engine;
  final Store store;
  final ResponseBudget budget;
  final Lessor lessor;
  final AtomicLong nanos = new AtomicLong();
  volatile boolean leads = true;
  final ManagedChannel channel;
  final KVGrpc.KVBlockingStub kv;
  final LeaseGrpc.LeaseBlockingStub lease;

  /** Runs reads that block; a test may occupy it. */
  final ThreadPoolExecutor readers;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final WatchHub hub;
  private final Server server;

  ServerFixture(Path directory) throws IOException {
    this(directory, new MemoryStorage().open(), 64 << 20, Duration.ofSeconds(7), 0);
  }

  ServerFixture(Path directory, Engine engine, long budgetBytes, Duration timeout, long quotaBytes)
      throws IOException {
    this.engine = engine;
    this.store = Store.open(engine, StoreConfig.DEFAULT, new Random(1));
    this.lessor = new Lessor(nanos::get, 2);
    Alarms alarms = Alarms.open(store);
    Quota quota = new Quota(quotaBytes, alarms, store.memberId(), engine::usage);
    quota.check();
    this.hub = hub(store);
    store.start(new Collaborators(hub, lessor, quota, Collaborators.NONE.deposed()), threads);
    lessor.start(
        store.leases(),
        new LeaseRevoker() {
          @Override
          public void revoke(long leaseId, Completion<Long> completion) {
            store.expireLease(leaseId, completion);
          }

          @Override
          public int keys(long leaseId) {
            return store.leaseSize(leaseId);
          }
        });
    this.budget = new ResponseBudget(budgetBytes, 16);
    this.readers = new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(16));
    ServiceLimits limits = ServiceLimits.DEFAULT;
    ResponseHeaders headers = ResponseHeaders.of(store);
    Coordination coordination =
        new Coordination(store, hub, headers, lessor, threads, new Random(3)::nextLong);
    Membership membership =
        Membership.single(
            new Member(
                store.memberId(),
                "brain-0",
                List.of("http://127.0.0.1:2380"),
                List.of("http://127.0.0.1:2379")));
    WriteAdmission writes = new WriteAdmission(System::nanoTime, Duration.ofSeconds(1), 5_000);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .maxInboundMessageSize(limits.maxRequestBytes() + 512 * 1024)
            .addTransportFilter(new Connections())
            .intercept(new Authorization())
            .addService(
                new KvService(
                    store,
                    headers,
                    limits,
                    reads(timeout),
                    new StoreWrites(store, headers, budget, writes)))
            .addService(
                new LeaseService(
                    store, lessor, headers, new Random(2)::nextLong, writes, () -> leads))
            .addService(
                new MaintenanceService(
                    store,
                    engine,
                    headers,
                    membership,
                    alarms::all,
                    new StoreAlarms(alarms, headers),
                    quota.bytes(),
                    Handover.NONE,
                    readers,
                    threads,
                    timer,
                    new SnapshotSpool.Place(directory)))
            .addService(new ClusterService(membership, headers))
            .addService(new AuthService(headers))
            .addService(new LockService(coordination))
            .addService(new ElectionService(coordination))
            .build()
            .start();
    this.channel =
        NettyChannelBuilder.forAddress(server.getListenSockets().getFirst())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    this.kv = KVGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    this.lease = LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private WatchHub hub(Store store) {
    WatchSource source =
        new WatchSource() {
          @Override
          public long revision() {
            return store.revision();
          }

          @Override
          public long compactRevision() {
            return store.compactRevision();
          }

          @Override
          public RevisionReader log() {
            return store.log();
          }
        };
    return new WatchHub(
        WatchLimits.DEFAULT,
        source,
        new EventHistory(store.revision(), 1 << 20, 1_000),
        new WatchHub.Executors(
            threads,
            threads,
            (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS)),
        new SplittableRandom(4));
  }

  private Reads reads(Duration timeout) {
    return new Reads(new ReadQueue(readers, 2, 28), timer, budget, timeout, ReadGate.OPEN);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    hub.close();
    server.shutdownNow();
    store.close();
    readers.shutdownNow();
    threads.shutdownNow();
    timer.shutdownNow();
    engine.close();
  }
}
