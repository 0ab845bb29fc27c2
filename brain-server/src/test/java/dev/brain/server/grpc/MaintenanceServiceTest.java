// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.delete;
import static dev.brain.server.grpc.WireRequests.get;
import static dev.brain.server.grpc.WireRequests.list;
import static dev.brain.server.grpc.WireRequests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.AlarmType;
import dev.brain.proto.etcdserverpb.AuthEnableRequest;
import dev.brain.proto.etcdserverpb.AuthGrpc;
import dev.brain.proto.etcdserverpb.AuthStatusRequest;
import dev.brain.proto.etcdserverpb.AuthUserAddRequest;
import dev.brain.proto.etcdserverpb.AuthenticateRequest;
import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.CompactionRequest;
import dev.brain.proto.etcdserverpb.DefragmentRequest;
import dev.brain.proto.etcdserverpb.DowngradeRequest;
import dev.brain.proto.etcdserverpb.HashKVRequest;
import dev.brain.proto.etcdserverpb.HashKVResponse;
import dev.brain.proto.etcdserverpb.HashRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.MemberAddRequest;
import dev.brain.proto.etcdserverpb.MemberListRequest;
import dev.brain.proto.etcdserverpb.MemberListResponse;
import dev.brain.proto.etcdserverpb.MemberPromoteRequest;
import dev.brain.proto.etcdserverpb.MemberRemoveRequest;
import dev.brain.proto.etcdserverpb.MoveLeaderRequest;
import dev.brain.proto.etcdserverpb.SnapshotRequest;
import dev.brain.proto.etcdserverpb.SnapshotResponse;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.StatusResponse;
import dev.brain.server.snapshot.SnapshotSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceServiceTest {
  @TempDir private Path directory;
  private final MemoryStorage storage = new MemoryStorage();
  private ServerFixture server;

  @BeforeEach
  void open() throws IOException {
    open(0);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void open(long quota) throws IOException {
    server = new ServerFixture(directory, storage.open(), 1 << 20, Duration.ofSeconds(7), quota);
  }

  /* ---------------- status, members ---------------- */

  @Test
  void status() {
    server.kv.put(put("a", "1"));
    StatusResponse status = maintenance().status(StatusRequest.getDefaultInstance());
    assertThat(status.getVersion()).isEqualTo("3.7.0");
    assertThat(status.getStorageVersion()).isEqualTo("3.7.0");
    assertThat(status.getHeader().getRevision()).isEqualTo(2);
    assertThat(status.getLeader()).isEqualTo(server.store.memberId());
    assertThat(status.getRaftTerm()).isEqualTo(server.store.epoch());
    assertThat(status.getRaftIndex()).isEqualTo(2);
    assertThat(status.getRaftAppliedIndex()).isEqualTo(2);
    assertThat(status.getDbSize()).isPositive().isGreaterThanOrEqualTo(status.getDbSizeInUse());
    assertThat(status.getDbSizeQuota()).isEqualTo(2L << 30);
    assertThat(status.getErrorsList()).isEmpty();
    assertThat(status.getIsLearner()).isFalse();
  }

  @Test
  void memberList() {
    server.kv.put(put("a", "1"));
    MemberListResponse members = cluster().memberList(MemberListRequest.getDefaultInstance());
    assertThat(members.getHeader().getRevision()).isZero();
    assertThat(members.getHeader().getClusterId()).isEqualTo(server.store.clusterId());
    assertThat(members.getMembersList()).hasSize(1);
    assertThat(members.getMembers(0).getID()).isEqualTo(server.store.memberId());
    assertThat(members.getMembers(0).getClientURLsList()).containsExactly("http://127.0.0.1:2379");
  }

  @Test
  void memberChanges_refused() {
    assertThatThrownBy(() -> cluster().memberAdd(MemberAddRequest.getDefaultInstance()))
        .hasMessage("INVALID_ARGUMENT: etcdserver: given member URLs are invalid");
    assertThatThrownBy(
            () ->
                cluster()
                    .memberAdd(
                        MemberAddRequest.newBuilder().addPeerURLs("http://127.0.0.1:2380").build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: Peer URLs already exists");
    assertThatThrownBy(
            () -> cluster().memberRemove(MemberRemoveRequest.newBuilder().setID(5).build()))
        .hasMessage("NOT_FOUND: etcdserver: member not found");
    assertThatThrownBy(
            () ->
                cluster()
                    .memberPromote(
                        MemberPromoteRequest.newBuilder().setID(server.store.memberId()).build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: can only promote a learner member");
  }

  @Test
  void moveLeader() {
    assertThatThrownBy(
            () -> maintenance().moveLeader(MoveLeaderRequest.newBuilder().setTargetID(5).build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: bad leader transferee");
    assertThat(
            maintenance()
                .moveLeader(
                    MoveLeaderRequest.newBuilder().setTargetID(server.store.memberId()).build())
                .hasHeader())
        .isFalse();
  }

  @Test
  void downgrade() {
    DowngradeRequest validate =
        DowngradeRequest.newBuilder()
            .setAction(DowngradeRequest.DowngradeAction.VALIDATE)
            .setVersion("3.6.0")
            .build();
    assertThat(maintenance().downgrade(validate).getVersion()).isEqualTo("3.7.0");
    assertThatThrownBy(
            () -> maintenance().downgrade(validate.toBuilder().setVersion("3.5").build()))
        .hasMessage("INVALID_ARGUMENT: etcdserver: invalid downgrade target version");
    assertThatThrownBy(
            () ->
                maintenance()
                    .downgrade(
                        validate.toBuilder()
                            .setAction(DowngradeRequest.DowngradeAction.CANCEL)
                            .build()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: no inflight downgrade job");
  }

  @Test
  void auth() {
    AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(server.channel);
    assertThat(auth.authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()).isFalse();
    assertThatThrownBy(() -> auth.authEnable(AuthEnableRequest.getDefaultInstance()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: root user does not exist");
    assertThatThrownBy(() -> auth.authenticate(AuthenticateRequest.getDefaultInstance()))
        .hasMessage("FAILED_PRECONDITION: etcdserver: authentication is not enabled");
    assertThatThrownBy(() -> auth.userAdd(AuthUserAddRequest.getDefaultInstance()))
        .hasMessage("INVALID_ARGUMENT: etcdserver: user name is empty");
    assertThatThrownBy(() -> auth.userAdd(AuthUserAddRequest.newBuilder().setName("a").build()))
        .hasMessageStartingWith("FAILED_PRECONDITION: etcdserver: users and roles");
  }

  /* ---------------- alarms, quota ---------------- */

  @Test
  void alarm_surviveRestart() throws IOException {
    AlarmRequest raise =
        AlarmRequest.newBuilder()
            .setAction(AlarmRequest.AlarmAction.ACTIVATE)
            .setAlarm(AlarmType.NOSPACE)
            .setMemberID(5)
            .build();
    assertThat(maintenance().alarm(raise).getAlarmsList()).hasSize(1);
    assertThat(maintenance().alarm(raise).getAlarmsList()).hasSize(1);
    assertThat(
            maintenance().alarm(raise.toBuilder().setAlarm(AlarmType.NONE).build()).getAlarmsList())
        .isEmpty();
    server.close();
    open(0);
    assertThat(maintenance().status(StatusRequest.getDefaultInstance()).getErrorsList())
        .containsExactly("memberID:5 alarm:NOSPACE ");
    assertThatThrownBy(() -> server.kv.put(put("a", "1")))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded");
    AlarmRequest clear = raise.toBuilder().setAction(AlarmRequest.AlarmAction.DEACTIVATE).build();
    assertThat(maintenance().alarm(clear.toBuilder().setMemberID(0).build()).getAlarmsList())
        .isEmpty();
    assertThat(maintenance().alarm(clear).getAlarmsList()).hasSize(1);
    assertThat(maintenance().alarm(clear).getAlarmsList()).isEmpty();
    assertThat(maintenance().alarm(AlarmRequest.getDefaultInstance()).getAlarmsList()).isEmpty();
    server.kv.put(put("a", "1"));
  }

  @Test
  void quota_refusesGrowthOnly() throws IOException {
    server.kv.put(put("a", "1"));
    server.close();
    open(1);
    assertThat(maintenance().status(StatusRequest.getDefaultInstance()).getErrorsList()).hasSize(1);
    assertThatThrownBy(() -> server.kv.put(put("b", "1")))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded");
    assertThatThrownBy(
            () -> server.lease.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(9).build()))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded");
    assertThat(server.kv.range(get("b")).getCount()).isZero();
    assertThat(server.kv.deleteRange(delete("a", "")).getDeleted()).isEqualTo(1);
    server.kv.compact(CompactionRequest.newBuilder().setRevision(2).build());
  }

  @Test
  void quota_negativeIsNone() throws IOException {
    server.close();
    open(-1);
    server.kv.put(put("a", "1"));
    assertThat(maintenance().status(StatusRequest.getDefaultInstance()).getDbSizeQuota())
        .isEqualTo(-1);
  }

  /* ---------------- hash, space ---------------- */

  @Test
  void hash() {
    server.kv.put(put("a", "1"));
    server.kv.put(put("a", "2"));
    HashKVResponse newest = maintenance().hashKV(HashKVRequest.getDefaultInstance());
    HashKVResponse old = maintenance().hashKV(HashKVRequest.newBuilder().setRevision(2).build());
    assertThat(newest.getHashRevision()).isEqualTo(3);
    assertThat(old.getHashRevision()).isEqualTo(2);
    assertThat(newest.getHash()).isNotEqualTo(old.getHash());
    assertThat(maintenance().hash(HashRequest.getDefaultInstance()).getHash())
        .isEqualTo(newest.getHash());
    assertThatThrownBy(
            () -> maintenance().hashKV(HashKVRequest.newBuilder().setRevision(9).build()))
        .hasMessage("OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
  }

  @Test
  void defragment_hasNoHeader() {
    assertThat(maintenance().defragment(DefragmentRequest.getDefaultInstance()).hasHeader())
        .isFalse();
  }

  /* ---------------- snapshot ---------------- */

  @Test
  void snapshot_asEtcdctlSavesIt() throws IOException {
    for (int i = 0; i < 500; i++) {
      server.kv.put(put("k" + i, "v".repeat(300)));
    }
    List<SnapshotResponse> parts = new ArrayList<>();
    maintenance().snapshot(SnapshotRequest.getDefaultInstance()).forEachRemaining(parts::add);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    long total = parts.stream().mapToLong(part -> part.getBlob().size()).sum();
    long left = total - 32;
    for (SnapshotResponse part : parts.subList(0, parts.size() - 1)) {
      left -= part.getBlob().size();
      assertThat(part.getRemainingBytes()).isEqualTo(left);
      assertThat(part.getBlob().size()).isLessThanOrEqualTo(32 * 1024);
      part.getBlob().writeTo(content);
    }
    assertThat(parts.getLast().getBlob().size()).isEqualTo(32);
    assertThat(parts.getLast().getRemainingBytes()).isZero();
    assertThat(total % 512).isEqualTo(32);
    parts.getLast().getBlob().writeTo(content);
    Path file = Files.write(directory.resolve("saved"), content.toByteArray());
    SnapshotSummary summary = SnapshotSummary.of(file);
    assertThat(summary.revision()).isEqualTo(501);
    assertThat(summary.totalKeys()).isEqualTo(500);
    try (Stream<Path> left2 = Files.list(directory)) {
      assertThat(left2).containsExactly(file);
    }
    assertThat(maintenance().snapshot(SnapshotRequest.getDefaultInstance()).hasNext()).isTrue();
  }

  @Test
  void snapshot_oneAtATime() {
    for (int i = 0; i < 40; i++) {
      server.kv.put(put("k" + i, "v".repeat(100_000)));
    }
    var slow = maintenance().snapshot(SnapshotRequest.getDefaultInstance());
    slow.next();
    assertThatThrownBy(() -> maintenance().snapshot(SnapshotRequest.getDefaultInstance()).next())
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");
    slow.forEachRemaining(part -> {});
    assertThat(server.kv.range(list("k", "l").toBuilder().setCountOnly(true).build()).getCount())
        .isEqualTo(40);
  }

  private MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
    return MaintenanceGrpc.newBlockingStub(server.channel);
  }

  private ClusterGrpc.ClusterBlockingStub cluster() {
    return ClusterGrpc.newBlockingStub(server.channel);
  }
}
