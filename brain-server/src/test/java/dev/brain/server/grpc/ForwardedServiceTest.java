// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseGrantRequest;
import dev.brain.proto.etcdserverpb.LeaseGrantResponse;
import dev.brain.proto.etcdserverpb.LeaseGrpc;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveRequest;
import dev.brain.proto.etcdserverpb.LeaseKeepAliveResponse;
import dev.brain.proto.etcdserverpb.LeaseRevokeRequest;
import dev.brain.server.grpc.peer.ForwardedService;
import dev.brain.server.grpc.peer.LeaderLink;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a server that forwards to another one. */
final class ForwardedServiceTest {
  @TempDir Path directory;
  private final AtomicReference<Optional<Channel>> leader = new AtomicReference<>(Optional.empty());
  private ServerFixture fixture;
  private Server forwarding;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    fixture = new ServerFixture(directory);
    leader.set(Optional.of(fixture.channel));
    LeaderLink link = new LeaderLink(leader::get);
    forwarding =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(ForwardedService.of(LeaseGrpc.getServiceDescriptor(), link))
            .addService(ForwardedService.of(KVGrpc.getServiceDescriptor(), link))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(forwarding.getListenSockets().getFirst())
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    forwarding.shutdownNow();
    fixture.close();
  }

  private LeaseGrpc.LeaseBlockingStub lease() {
    return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static final class KeepAlives implements StreamObserver<LeaseKeepAliveResponse> {
    private final BlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(LeaseKeepAliveResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable fault) {
      end.complete(Status.fromThrowable(fault));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  private static LeaseKeepAliveRequest keepAlive(long id) {
    return LeaseKeepAliveRequest.newBuilder().setID(id).build();
  }

  @Test
  void unary_isAnsweredByTheLeader() {
    LeaseGrantResponse granted =
        lease().leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());

    assertThat(granted.getID()).isEqualTo(7);
    assertThat(fixture.store.leases())
        .singleElement()
        .satisfies(lease -> assertThat(lease.id()).isEqualTo(7));
  }

  @Test
  void unary_refusedByTheLeader_tellsItsWords() {
    assertThatThrownBy(() -> lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(9).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("NOT_FOUND: etcdserver: requested lease not found");
  }

  @Test
  void stream_ofManyMessages_isAnsweredInOrder() throws Exception {
    lease().leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());
    KeepAlives keepAlives = new KeepAlives();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(channel).leaseKeepAlive(keepAlives);
    for (int i = 0; i < 500; i++) {
      requests.onNext(keepAlive(i % 2 == 0 ? 7 : 1_000 + i));
    }
    requests.onCompleted();

    assertThat(keepAlives.end.get(60, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(keepAlives.answers).hasSize(500);
    int i = 0;
    for (LeaseKeepAliveResponse answer : keepAlives.answers) {
      assertThat(answer.getID()).isEqualTo(i % 2 == 0 ? 7 : 1_000 + i);
      assertThat(answer.getTTL()).isEqualTo(i % 2 == 0 ? 60 : 0);
      i++;
    }
  }

  @Test
  void stream_leaderGoes_endsWithATextThatPromisesNothing() throws Exception {
    lease().leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());
    KeepAlives keepAlives = new KeepAlives();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(channel).leaseKeepAlive(keepAlives);
    requests.onNext(keepAlive(7));
    assertThat(keepAlives.answers.poll(60, TimeUnit.SECONDS)).isNotNull();

    fixture.channel.shutdownNow();

    Status end = keepAlives.end.get(60, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).isEqualTo("etcdserver: request timed out");
  }

  @Test
  void call_withoutALeader_isRefused() {
    leader.set(Optional.empty());

    assertThatThrownBy(() -> lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAVAILABLE: etcdserver: no leader");
  }
}
