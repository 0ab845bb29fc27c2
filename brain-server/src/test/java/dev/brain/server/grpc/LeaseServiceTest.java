// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.bytes;
import static dev.brain.server.grpc.WireRequests.get;
import static dev.brain.server.grpc.WireRequests.list;
import static dev.brain.server.grpc.WireRequests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseLeasesRequest;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.proto.etcdserverpb.LeaseStatus;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveRequest;
import dev.brain.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseServiceTest {
  @TempDir private Path directory;
  private ServerFixture server;

  @BeforeEach
  void open() throws IOException {
    server = new ServerFixture(directory);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void grant_choosesAnId() {
    LeaseGrantResponse first = grant(0, 60);
    LeaseGrantResponse second = grant(0, 60);
    assertThat(first.getID()).isPositive().isNotEqualTo(second.getID());
    assertThat(second.getID()).isPositive();
    assertThat(first.getTTL()).isEqualTo(60);
    assertThat(first.getHeader().getRevision()).isEqualTo(1);
  }

  @Test
  void grant_shortTtlIsRaised() {
    assertThat(grant(1, 0).getTTL()).isEqualTo(2);
    assertThat(grant(2, -5).getTTL()).isEqualTo(2);
    assertThat(grant(-3, 1).getID()).isEqualTo(-3);
  }

  @Test
  void grant_refusals() {
    assertThatThrownBy(() -> grant(1, 9_000_000_001L))
        .hasMessage("OUT_OF_RANGE: etcdserver: too large lease TTL");
    assertThat(grant(1, 9_000_000_000L).getTTL()).isEqualTo(9_000_000_000L);
    assertThatThrownBy(() -> grant(1, 10))
        .hasMessage("FAILED_PRECONDITION: etcdserver: lease already exists");
  }

  @Test
  void revoke_deletesTheKeysInOneRevision() {
    grant(5, 60);
    server.kv.put(put("a", "1").toBuilder().setLease(5).build());
    server.kv.put(put("b", "1").toBuilder().setLease(5).build());
    assertThat(revoke(5)).isEqualTo(4);
    assertThat(server.kv.range(list("a", "z")).getCount()).isZero();
    assertThat(server.kv.range(get("a")).getHeader().getRevision()).isEqualTo(4);
    assertThatThrownBy(() -> revoke(5))
        .hasMessage("NOT_FOUND: etcdserver: requested lease not found");
    assertThatThrownBy(() -> revoke(0))
        .hasMessage("NOT_FOUND: etcdserver: requested lease not found");
  }

  @Test
  void expiry_deletesTheKeys() {
    grant(5, 60);
    server.kv.put(put("a", "1").toBuilder().setLease(5).build());
    server.nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
    assertThat(timeToLive(5).getTTL()).isZero();
    server.lessor.step();
    await().untilAsserted(() -> assertThat(server.kv.range(get("a")).getCount()).isZero());
    await().untilAsserted(() -> assertThat(timeToLive(5).getTTL()).isEqualTo(-1));
  }

  @Test
  void timeToLive_withKeys() {
    grant(5, 60);
    server.kv.put(put("b", "1").toBuilder().setLease(5).build());
    server.kv.put(put("a", "1").toBuilder().setLease(5).build());
    server.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
    LeaseTimeToLiveResponse found = timeToLive(5);
    assertThat(found.getTTL()).isEqualTo(58);
    assertThat(found.getGrantedTTL()).isEqualTo(60);
    assertThat(found.getKeysList()).containsExactlyInAnyOrder(bytes("a"), bytes("b"));
    assertThat(found.getHeader().getRevision()).isEqualTo(3);
  }

  @Test
  void timeToLive_unknown() {
    LeaseTimeToLiveResponse found = timeToLive(5);
    assertThat(found.getTTL()).isEqualTo(-1);
    assertThat(found.getID()).isEqualTo(5);
    assertThat(found.getGrantedTTL()).isZero();
  }

  @Test
  void leases_byExpiry() {
    grant(1, 90);
    grant(2, 30);
    grant(3, 60);
    assertThat(
            server
                .lease
                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                .getLeasesList()
                .stream()
                .map(LeaseStatus::getID))
        .containsExactly(2L, 3L, 1L);
  }

  /* ---------------- keep-alive ---------------- */

  @Test
  void keepAlive_answersInOrder() throws InterruptedException {
    grant(1, 60);
    grant(2, 30);
    Answers answers = new Answers();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(server.channel).leaseKeepAlive(answers);
    List<Long> ttls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      requests.onNext(keepAlive(i % 3));
    }
    requests.onCompleted();
    for (int i = 0; i < 100; i++) {
      LeaseKeepAliveResponse answer = answers.next();
      assertThat(answer.getID()).isEqualTo(i % 3);
      assertThat(answer.getHeader().getRevision()).isEqualTo(1);
      ttls.add(answer.getTTL());
    }
    assertThat(ttls.subList(0, 3)).containsExactly(0L, 60L, 30L);
    assertThat(answers.ended.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers.fault).isNull();
  }

  @Test
  void keepAlive_expiredWaitsAndDelaysThoseBehind() throws InterruptedException {
    grant(1, 10);
    grant(2, 30);
    Answers answers = new Answers();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(server.channel).leaseKeepAlive(answers);
    server.nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    requests.onNext(keepAlive(1));
    requests.onNext(keepAlive(2));
    server.lessor.step();
    assertThat(answers.next().getTTL()).isZero();
    assertThat(answers.next().getTTL()).isEqualTo(30);
    requests.onCompleted();
  }

  @Test
  void keepAlive_leaderThatMayNotTell_isNotAnswered() throws InterruptedException {
    grant(1, 60);
    Answers answers = new Answers();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(server.channel).leaseKeepAlive(answers);
    requests.onNext(keepAlive(1));
    assertThat(answers.next().getTTL()).isEqualTo(60);
    server.leads = false;

    requests.onNext(keepAlive(1));

    assertThat(answers.ended.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers.fault).hasMessage("UNAVAILABLE: etcdserver: leader changed");
    assertThat(answers.received).isEmpty();
    assertThatThrownBy(() -> timeToLive(1)).hasMessage("UNAVAILABLE: etcdserver: leader changed");
  }

  /** The answers of a stream of keep-alives. */
  private static final class Answers implements StreamObserver<LeaseKeepAliveResponse> {
    private final BlockingQueue<LeaseKeepAliveResponse> received = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable fault;

    @Override
    public void onNext(LeaseKeepAliveResponse response) {
      received.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      fault = cause;
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }

    LeaseKeepAliveResponse next() throws InterruptedException {
      LeaseKeepAliveResponse response = received.poll(60, TimeUnit.SECONDS);
      assertThat(response).isNotNull();
      return response;
    }
  }

  private LeaseGrantResponse grant(long id, long ttl) {
    return server.lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build());
  }

  private long revoke(long id) {
    return server
        .lease
        .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build())
        .getHeader()
        .getRevision();
  }

  private LeaseTimeToLiveResponse timeToLive(long id) {
    return server.lease.leaseTimeToLive(
        LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
  }

  private static LeaseKeepAliveRequest keepAlive(long id) {
    return LeaseKeepAliveRequest.newBuilder().setID(id).build();
  }
}
