// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.bytes;
import static dev.brain.server.grpc.WireRequests.get;
import static dev.brain.server.grpc.WireRequests.list;
import static dev.brain.server.grpc.WireRequests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.v3lockpb.LockGrpc;
import dev.brain.proto.v3lockpb.LockRequest;
import dev.brain.proto.v3lockpb.LockResponse;
import dev.brain.proto.v3lockpb.UnlockRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockServiceTest {
  @TempDir private Path directory;
  private ServerFixture server;

  @BeforeEach
  void open() throws IOException {
    server = new ServerFixture(directory);
    for (long lease = 1; lease <= 20; lease++) {
      server.lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(600).build());
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void lock_free() throws Exception {
    LockResponse held = lock("job", 18).get(60, TimeUnit.SECONDS);
    assertThat(held.getKey()).isEqualTo(bytes("job/12"));
    assertThat(held.getHeader().getRevision()).isEqualTo(2);
    assertThat(server.kv.range(get("job/12")).getKvs(0).getLease()).isEqualTo(18);
  }

  @Test
  void lock_againWithTheSameLease() throws Exception {
    LockResponse first = lock("job", 1).get(60, TimeUnit.SECONDS);
    LockResponse second = lock("job", 1).get(60, TimeUnit.SECONDS);
    assertThat(second.getKey()).isEqualTo(first.getKey());
    assertThat(second.getHeader().getRevision()).isEqualTo(2);
  }

  @Test
  void lock_withoutLease() throws Exception {
    ByteString key = lock("job", 0).get(60, TimeUnit.SECONDS).getKey();
    long lease = server.kv.range(get(key.toStringUtf8())).getKvs(0).getLease();
    assertThat(lease).isPositive();
    assertThat(key.toStringUtf8()).isEqualTo("job/" + Long.toHexString(lease));
    assertThat(server.lessor.status(lease))
        .hasValueSatisfying(status -> assertThat(status.grantedTtlSeconds()).isEqualTo(60));
  }

  @Test
  void lock_inOrderOfArrival() throws Exception {
    ByteString held = lock("job", 1).get(60, TimeUnit.SECONDS).getKey();
    List<ListenableFuture<LockResponse>> waiting = new ArrayList<>();
    for (long lease = 2; lease <= 10; lease++) {
      waiting.add(lock("job", lease));
      awaitKeys(lease);
    }
    for (ListenableFuture<LockResponse> next : waiting) {
      assertThat(next.isDone()).isFalse();
      unlock(held);
      held = next.get(60, TimeUnit.SECONDS).getKey();
    }
    assertThat(server.kv.range(list("job/", "job0")).getCount()).isEqualTo(1);
  }

  @Test
  void lock_heldByALeaseThatEnds() throws Exception {
    lock("job", 1).get(60, TimeUnit.SECONDS);
    ListenableFuture<LockResponse> second = lock("job", 2);
    awaitKeys(2);
    server.lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(1).build());
    assertThat(second.get(60, TimeUnit.SECONDS).getKey()).isEqualTo(bytes("job/2"));
  }

  @Test
  void lock_clientGoesAwayWhileItWaits() throws Exception {
    ByteString held = lock("job", 1).get(60, TimeUnit.SECONDS).getKey();
    ListenableFuture<LockResponse> second = lock("job", 2);
    awaitKeys(2);
    ListenableFuture<LockResponse> third = lock("job", 3);
    awaitKeys(3);
    second.cancel(true);
    await().until(() -> server.kv.range(get("job/2")).getCount() == 0);
    assertThat(third.isDone()).isFalse();
    unlock(held);
    assertThat(third.get(60, TimeUnit.SECONDS).getKey()).isEqualTo(bytes("job/3"));
  }

  @Test
  void lock_olderKeyOfAnotherKind() throws Exception {
    server.kv.put(put("job/other", "1"));
    ListenableFuture<LockResponse> held = lock("job", 1);
    awaitKeys(2);
    server.kv.put(put("job/other", "2"));
    server.kv.put(put("job/later", "1"));
    unlock(bytes("job/other"));
    assertThat(held.get(60, TimeUnit.SECONDS).getKey()).isEqualTo(bytes("job/1"));
  }

  @Test
  void lock_ownLeaseEndsWhileItWaits() throws Exception {
    ByteString held = lock("job", 1).get(60, TimeUnit.SECONDS).getKey();
    ListenableFuture<LockResponse> second = lock("job", 2);
    awaitKeys(2);
    server.lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(2).build());
    unlock(held);
    assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
        .hasMessageContaining("UNKNOWN: mutex: session is expired");
  }

  @Test
  void lock_unknownLease() {
    assertThatThrownBy(() -> lock("job", 77).get(60, TimeUnit.SECONDS))
        .hasMessageContaining("UNKNOWN: etcdserver: requested lease not found");
  }

  @Test
  void unlock_withoutKey() {
    assertThat(unlock(bytes("none"))).isEqualTo(1);
    assertThatThrownBy(() -> unlock(ByteString.EMPTY))
        .hasMessage("UNKNOWN: etcdserver: key is not provided");
  }

  private void awaitKeys(long count) {
    await().until(() -> server.kv.range(list("job/", "job0")).getCount() == count);
  }

  private ListenableFuture<LockResponse> lock(String name, long lease) {
    return LockGrpc.newFutureStub(server.channel)
        .lock(LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build());
  }

  private long unlock(ByteString key) {
    return LockGrpc.newBlockingStub(server.channel)
        .unlock(UnlockRequest.newBuilder().setKey(key).build())
        .getHeader()
        .getRevision();
  }
}
