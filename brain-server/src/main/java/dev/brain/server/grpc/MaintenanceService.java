// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.engine.Engine;
import dev.brain.engine.Usage;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmResponse;
import dev.brain.proto.etcdserverpb.DefragmentRequest;
import dev.brain.proto.etcdserverpb.DefragmentResponse;
import dev.brain.proto.etcdserverpb.DowngradeInfo;
import dev.brain.proto.etcdserverpb.DowngradeRequest;
import dev.brain.proto.etcdserverpb.DowngradeResponse;
import dev.brain.proto.etcdserverpb.HashKVRequest;
import dev.brain.proto.etcdserverpb.HashKVResponse;
import dev.brain.proto.etcdserverpb.HashRequest;
import dev.brain.proto.etcdserverpb.HashResponse;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.MoveLeaderRequest;
import dev.brain.proto.etcdserverpb.MoveLeaderResponse;
import dev.brain.proto.etcdserverpb.SnapshotRequest;
import dev.brain.proto.etcdserverpb.SnapshotResponse;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.StatusResponse;
import dev.brain.server.kv.FailureException;
import dev.brain.server.maintenance.Alarm;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import dev.brain.server.maintenance.Versions;
import dev.brain.server.mvcc.StoreHash;
import dev.brain.server.mvcc.StoreView;
import dev.brain.server.snapshot.SnapshotSpool;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Maintenance service. Its methods run on the event loop and never block it. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
  private static final Logger logger = LoggerFactory.getLogger(MaintenanceService.class);

  private final StoreView store;
  private final Engine engine;
  private final ResponseHeaders headers;
  private final Membership membership;
  private final Supplier<? extends Collection<Alarm>> raised;
  private final AlarmMethod alarms;
  private final long quotaBytes;
  private final Handover handover;
  private final Executor readers;
  private final Executor background;
  private final ScheduledExecutorService timer;
  private final SnapshotSpool.Place snapshots;

  /**
   * Makes the service.
   *
   * @param engine of which space, copies and reclaiming are asked
   * @param raised the alarms that are raised; may block
   * @param quotaBytes most bytes stored; negative for no bound
   * @param handover gives the lead away
   * @param readers runs what blocks for a moment
   * @param background runs what takes long: hashes, reclaiming space. Both are bounded and throw
   *     RejectedExecutionException at their bound
   * @param timer runs what is quick at a later time
   * @param snapshots where snapshots are kept while they are sent
   */
  public MaintenanceService(
      StoreView store,
      Engine engine,
      ResponseHeaders headers,
      Membership membership,
      Supplier<? extends Collection<Alarm>> raised,
      AlarmMethod alarms,
      long quotaBytes,
      Handover handover,
      Executor readers,
      Executor background,
      ScheduledExecutorService timer,
      SnapshotSpool.Place snapshots) {
    this.store = store;
    this.engine = engine;
    this.headers = headers;
    this.membership = membership;
    this.raised = raised;
    this.alarms = alarms;
    this.quotaBytes = quotaBytes;
    this.handover = handover;
    this.readers = readers;
    this.background = background;
    this.timer = timer;
    this.snapshots = snapshots;
  }

  /* ---------------- status ---------------- */

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    Reply<StatusResponse> reply = Reply.to(observer);
    run(readers, reply, () -> reply.send(status()));
  }

  private StatusResponse status() {
    Usage usage = engine.usage();
    long revision = store.revision();
    StatusResponse.Builder response =
        StatusResponse.newBuilder()
            .setHeader(headers.at(revision))
            .setVersion(Versions.SERVER)
            .setStorageVersion(Versions.STORAGE)
            .setDbSize(usage.totalBytes())
            .setDbSizeInUse(usage.inUseBytes())
            .setDbSizeQuota(quotaBytes)
            .setLeader(membership.leader())
            .setRaftTerm(headers.term())
            .setRaftIndex(revision)
            .setRaftAppliedIndex(revision)
            .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
    if (membership.leader() == 0) {
      response.addErrors(EtcdStatus.NO_LEADER.text());
    }
    raised.get().forEach(alarm -> response.addErrors(alarm.text()));
    return response.build();
  }

  /* ---------------- alarms ---------------- */

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> observer) {
    alarms.alarm(request, observer);
  }

  /* ---------------- hashes, space ---------------- */

  @Override
  public void hash(HashRequest request, StreamObserver<HashResponse> observer) {
    Reply<HashResponse> reply = Reply.to(observer);
    run(
        background,
        reply,
        () -> {
          StoreHash hash = store.hash(0);
          reply.send(
              HashResponse.newBuilder()
                  .setHeader(headers.at(hash.revision()))
                  .setHash(hash.hash())
                  .build());
        });
  }

  @Override
  public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> observer) {
    Reply<HashKVResponse> reply = Reply.to(observer);
    run(
        background,
        reply,
        () -> {
          StoreHash hash = store.hash(request.getRevision());
          reply.send(
              HashKVResponse.newBuilder()
                  .setHeader(headers.at(hash.revision()))
                  .setHash(hash.hash())
                  // A store that was never compacted is, to etcd, compacted at -1.
                  .setCompactRevision(hash.compactRevision() == 0 ? -1 : hash.compactRevision())
                  .setHashRevision(hash.hashRevision())
                  .build());
        });
  }

  @Override
  public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> observer) {
    Reply<DefragmentResponse> reply = Reply.to(observer);
    run(
        background,
        reply,
        () -> {
          engine.reclaim();
          reply.send(DefragmentResponse.getDefaultInstance());
        });
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> observer) {
    new SnapshotStream(
            engine,
            snapshots,
            background,
            timer,
            (ServerCallStreamObserver<SnapshotResponse>) observer)
        .start();
  }

  /* ---------------- leader, version ---------------- */

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
    Reply<MoveLeaderResponse> reply = Reply.to(observer);
    if (membership.leader() != membership.self()) {
      reply.refuse(EtcdStatus.NOT_LEADER);
      return;
    }
    if (request.getTargetID() == membership.self()) {
      reply.send(MoveLeaderResponse.getDefaultInstance());
      return;
    }
    Member target =
        membership.members().stream()
            .filter(member -> member.id() == request.getTargetID())
            .findAny()
            .orElse(null);
    if (target == null) {
      reply.refuse(EtcdStatus.BAD_LEADER_TRANSFEREE);
      return;
    }
    run(
        background,
        reply,
        () -> {
          if (handover.to(target)) {
            reply.send(MoveLeaderResponse.getDefaultInstance());
          } else {
            reply.refuse(EtcdStatus.NOT_LEADER);
          }
        });
  }

  @Override
  public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> observer) {
    Reply<DowngradeResponse> reply = Reply.to(observer);
    EtcdStatus fault =
        switch (request.getAction()) {
          case VALIDATE -> Downgrades.check(request.getVersion());
          case ENABLE -> {
            EtcdStatus invalid = Downgrades.check(request.getVersion());
            yield invalid == null ? EtcdStatus.NOT_CAPABLE : invalid;
          }
          case CANCEL -> EtcdStatus.DOWNGRADE_NOT_IN_PROGRESS;
          case UNRECOGNIZED -> EtcdStatus.UNKNOWN_ACTION;
        };
    if (fault != null) {
      reply.refuse(fault);
      return;
    }
    reply.send(
        DowngradeResponse.newBuilder()
            .setHeader(headers.now())
            .setVersion(Versions.CLUSTER)
            .build());
  }

  /* ---------------- work that blocks ---------------- */

  /** Something that blocks and answers. */
  private interface Work {
    void run() throws FailureException;
  }

  private static void run(Executor executor, Reply<?> reply, Work work) {
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } catch (FailureException e) {
              reply.refuse(EtcdStatus.of(e.failure()));
            } catch (RuntimeException e) {
              logger.error("a maintenance request failed", e);
              reply.refuse(EtcdStatus.UNHEALTHY);
            }
          });
    } catch (RejectedExecutionException e) {
      reply.refuse(EtcdStatus.TOO_MANY_REQUESTS);
    }
  }
}
