// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.PutResponse;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RequireLeaderTest {
  private static final String NO_LEADER = "etcdserver: no leader";

  private volatile boolean leader = true;
  private final RequireLeader interceptor = new RequireLeader(() -> leader);
  private final Queue<ServerCallStreamObserver<WatchResponse>> served =
      new ConcurrentLinkedQueue<>();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final Server server =
      NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .directExecutor()
          .intercept(interceptor)
          .addService(new Watch())
          .addService(new Kv())
          .build();
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server.start();
    channel =
        NettyChannelBuilder.forAddress(server.getListenSockets().getFirst()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** Answers each request with an empty response, and keeps its streams for the test. */
  private final class Watch extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
      ServerCallStreamObserver<WatchResponse> stream =
          (ServerCallStreamObserver<WatchResponse>) observer;
      stream.setOnCancelHandler(cancelled::incrementAndGet);
      served.add(stream);
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          stream.onNext(WatchResponse.getDefaultInstance());
        }

        @Override
        public void onError(Throwable fault) {}

        @Override
        public void onCompleted() {
          stream.onCompleted();
        }
      };
    }
  }

  private static final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      observer.onNext(PutResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  @Test
  void unary_withoutLeader() {
    KVGrpc.KVBlockingStub asking = asking(kv(), "true");
    assertThat(asking.put(PutRequest.getDefaultInstance()).hasPrevKv()).isFalse();

    leader = false;

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> asking.put(PutRequest.getDefaultInstance()))
        .satisfies(e -> assertNoLeader(e.getStatus()));
    assertThat(kv().put(PutRequest.getDefaultInstance()).hasPrevKv()).isFalse();
    assertThat(asking(kv(), "false").put(PutRequest.getDefaultInstance()).hasPrevKv()).isFalse();
  }

  @Test
  void stream_withoutLeader() throws Exception {
    leader = false;

    assertNoLeader(watch(asking(watchStub(), "true")).end.get(60, TimeUnit.SECONDS));
    assertThat(served).isEmpty();
  }

  @Test
  void leaderLost_endsThoseWhoAsked() throws Exception {
    Client asked = watch(asking(watchStub(), "true"));
    Client other = watch(watchStub());
    await().until(() -> served.size() == 2);

    leader = false;
    interceptor.leaderLost();

    assertNoLeader(asked.end.get(60, TimeUnit.SECONDS));
    await().until(() -> cancelled.get() == 1);
    other.requests.onNext(WatchRequest.getDefaultInstance());
    await().until(() -> other.responses.get() == 1);
    other.requests.onCompleted();
    assertThat(other.end.get(60, TimeUnit.SECONDS).isOk()).isTrue();
  }

  @Test
  void leaderLost_streamThatHasEnded() throws Exception {
    Client client = watch(asking(watchStub(), "true"));
    client.requests.onCompleted();
    assertThat(client.end.get(60, TimeUnit.SECONDS).isOk()).isTrue();

    interceptor.leaderLost();

    Client next = watch(asking(watchStub(), "true"));
    next.requests.onNext(WatchRequest.getDefaultInstance());
    await().until(() -> next.responses.get() == 1);
    assertThat(cancelled).hasValue(0);
  }

  /** Services send on threads of their own while the streams are ended on another one. */
  @Test
  void leaderLost_whileServicesSend() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(watch(asking(watchStub(), "true")));
    }
    await().until(() -> served.size() == clients.size());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> sending = new ArrayList<>();
      for (ServerCallStreamObserver<WatchResponse> stream : served) {
        sending.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 500 && !stream.isCancelled(); i++) {
                    stream.onNext(WatchResponse.getDefaultInstance());
                  }
                }));
      }
      await().until(() -> clients.getFirst().responses.get() > 0);
      leader = false;
      interceptor.leaderLost();
      for (Future<?> each : sending) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
    for (Client client : clients) {
      assertNoLeader(client.end.get(60, TimeUnit.SECONDS));
    }
    await().until(() -> cancelled.get() == clients.size());
  }

  /** One watch stream of a client. */
  private static final class Client implements StreamObserver<WatchResponse> {
    private final AtomicInteger responses = new AtomicInteger();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<WatchRequest> requests;

    private Client(WatchGrpc.WatchStub stub) {
      this.requests = stub.watch(this);
    }

    @Override
    public void onNext(WatchResponse response) {
      responses.incrementAndGet();
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

  private static Client watch(WatchGrpc.WatchStub stub) {
    return new Client(stub);
  }

  private WatchGrpc.WatchStub watchStub() {
    return WatchGrpc.newStub(channel);
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static <S extends AbstractStub<S>> S asking(S stub, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), value);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static void assertNoLeader(Status status) {
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).isEqualTo(NO_LEADER);
  }
}
