// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.v3electionpb.ElectionGrpc;
import dev.brain.proto.v3lockpb.LockGrpc;
import dev.brain.server.grpc.EtcdStatus;
import dev.brain.server.grpc.Handover;
import dev.brain.server.grpc.KvService;
import dev.brain.server.grpc.MaintenanceService;
import dev.brain.server.grpc.peer.Feed;
import dev.brain.server.grpc.peer.FeedSink;
import dev.brain.server.grpc.peer.ForwardedService;
import dev.brain.server.grpc.peer.ForwardedWrites;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.grpc.peer.LeaderQuestions;
import dev.brain.server.grpc.peer.ReadIndex;
import dev.brain.server.grpc.peer.RevisionWaiters;
import dev.brain.server.kv.Revision;
import dev.brain.server.maintenance.Alarm;
import dev.brain.server.maintenance.Alarms;
import dev.brain.server.maintenance.Quota;
import dev.brain.server.mvcc.Replica;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.mvcc.StoreView;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** The role of a node that follows: it reads what the leader has written, and hands writes on. */
final class Following implements NodeRole {
  private final NodeParts parts;
  private final LongConsumer epochs;
  private final Replica replica;
  private final RevisionWaiters waiters;
  private final ReadIndex index;
  private final Feed feed;
  private final List<ServerServiceDefinition> services;

  /**
   * Follows whoever leads. Does not block.
   *
   * @param epochs told of the leader's epoch
   * @param revision where to begin: that of the last revision which the hub was told of
   */
  Following(NodeParts parts, LeaderLink leader, LongConsumer epochs, long revision) {
    this.parts = parts;
    this.epochs = epochs;
    this.replica = new Replica(parts.engine(), StoreConfig.DEFAULT, revision);
    this.waiters = new RevisionWaiters(revision, parts.timer(), parts.limits().requestTimeout());
    this.index = new ReadIndex(new LeaderQuestions(leader), waiters, revision);
    ForwardedWrites writes = new ForwardedWrites(leader, waiters);
    List<ServerServiceDefinition> all =
        new ArrayList<>(
            Leading.bound(
                new KvService(replica, parts.headers(), parts.limits(), parts.reads(index), writes),
                new MaintenanceService(
                    replica,
                    parts.engine(),
                    parts.headers(),
                    parts.membership(),
                    () -> Alarms.stored(replica),
                    writes,
                    Quota.bytes(parts.config().limits().quotaBytes()),
                    Handover.NONE,
                    parts.readers(),
                    parts.background(),
                    parts.timer(),
                    parts.snapshots())));
    all.add(ForwardedService.of(LeaseGrpc.getServiceDescriptor(), leader));
    all.add(ForwardedService.of(LockGrpc.getServiceDescriptor(), leader));
    all.add(ForwardedService.of(ElectionGrpc.getServiceDescriptor(), leader));
    this.services = List.copyOf(all);
    this.feed = Feed.start(leader, new Sink(), parts.timer());
  }

  /** Counts before the watermark moves; who waits for it goes on after the hub was told. */
  private final class Sink implements FeedSink {
    @Override
    public void epoch(long epoch) {
      epochs.accept(epoch);
    }

    @Override
    public long revision() {
      return replica.revision();
    }

    @Override
    public void publish(List<Revision> revisions) {
      replica.publish(revisions);
      parts.hub().published(revisions);
      waiters.reached(replica.revision());
    }

    @Override
    public void advance(long revision) {
      replica.advance(revision);
      waiters.reached(replica.revision());
    }

    @Override
    public void skip(long revision) {
      replica.skip(revision);
      parts.hub().skip(revision);
    }
  }

  @Override
  public StoreView view() {
    return replica;
  }

  @Override
  public List<ServerServiceDefinition> services() {
    return services;
  }

  @Override
  public Optional<String> readFailure(boolean serializable) {
    CompletableFuture<Optional<String>> passed = new CompletableFuture<>();
    index.pass(
        serializable,
        () -> passed.complete(Optional.empty()),
        status -> passed.complete(Optional.of(status.text())));
    try {
      Optional<String> refused =
          passed.get(2 * parts.limits().requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
      return refused.isPresent() ? refused : ReadProbe.failure(replica);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(EtcdStatus.STOPPED.text());
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of(EtcdStatus.TIMED_OUT.text());
    }
  }

  @Override
  public Collection<Alarm> alarms() {
    return Alarms.stored(replica);
  }

  @Override
  public void close() {
    feed.close();
    waiters.refuseAll(EtcdStatus.LEADER_CHANGED);
  }
}
