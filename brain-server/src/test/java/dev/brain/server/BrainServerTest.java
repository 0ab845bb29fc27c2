// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.ClusterGrpc;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.MemberListRequest;
import dev.brain.proto.etcdserverpb.PutRequest;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.StatusRequest;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.server.transport.ClientChannels;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrainServerTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("key");

  @TempDir Path directory;
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
  private final Threads threads = new Threads((_, fault) -> faults.add(fault));
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void noFaults() {
    channels.forEach(ManagedChannel::shutdownNow);
    assertThat(faults).isEmpty();
  }

  @Test
  void server_keepsDataOverRestart() throws Exception {
    try (BrainServer server = start()) {
      put(server, "one");
    }
    try (BrainServer server = start()) {
      assertThat(get(server)).isEqualTo("one");
      put(server, "two");
      assertThat(get(server)).isEqualTo("two");
      assertThat(
              MaintenanceGrpc.newBlockingStub(channel(server))
                  .status(StatusRequest.getDefaultInstance())
                  .getHeader()
                  .getRevision())
          .isEqualTo(3);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwx------");
  }

  @Test
  void server_tellsWhereItIs() throws Exception {
    try (BrainServer server = start("--name=me")) {
      assertThat(
              ClusterGrpc.newBlockingStub(channel(server))
                  .memberList(MemberListRequest.getDefaultInstance())
                  .getMembersList())
          .singleElement()
          .satisfies(
              member -> {
                assertThat(member.getName()).isEqualTo("me");
                assertThat(member.getClientURLsList()).containsExactlyElementsOf(server.urls());
              });
    }
  }

  @Test
  void server_servesPages() throws Exception {
    try (BrainServer server = start("--metrics=extensive")) {
      put(server, "one");
      assertThat(page(server, "/health")).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
      assertThat(page(server, "/readyz")).isEqualTo("ok\n");
      assertThat(page(server, "/version")).startsWith("{\"etcdserver\":\"3.");
      assertThat(page(server, "/metrics").lines())
          .contains(
              "etcd_server_has_leader 1.0",
              "etcd_server_is_leader 1.0",
              "etcd_server_quota_backend_bytes 2.147483648E9",
              "etcd_debugging_mvcc_current_revision 2.0",
              "etcd_debugging_mvcc_watcher_total 0.0",
              "etcd_debugging_mvcc_slow_watcher_total 0.0",
              "etcd_debugging_mvcc_watch_stream_total 0.0",
              "grpc_server_started_total{grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\","
                  + "grpc_type=\"unary\"} 1.0",
              "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\","
                  + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 1.0",
              "grpc_server_handling_seconds_count{grpc_method=\"Put\","
                  + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 1")
          .anyMatch(line -> line.startsWith("etcd_mvcc_db_total_size_in_bytes "))
          .anyMatch(line -> line.startsWith("etcd_mvcc_db_total_size_in_use_in_bytes "))
          .anyMatch(
              line -> line.startsWith("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} "))
          .anyMatch(line -> line.startsWith("etcd_disk_backend_commit_duration_seconds_count "))
          .anyMatch(line -> line.startsWith("etcd_server_version{server_version=\"3."))
          .anyMatch(line -> line.startsWith("process_resident_memory_bytes "))
          .anyMatch(line -> line.startsWith("process_open_fds "))
          .anyMatch(line -> line.startsWith("process_max_fds "))
          .anyMatch(line -> line.startsWith("process_cpu_seconds_total "))
          .anyMatch(line -> line.startsWith("process_start_time_seconds "))
          .noneMatch(line -> line.contains(" NaN"));
    }
  }

  @Test
  void server_servesPagesElsewhere() throws Exception {
    int port = freePort();
    try (BrainServer server = start("--listen-metrics-urls=http://127.0.0.1:" + port)) {
      assertThat(server.urls()).hasSize(1);
      assertThat(page("http://127.0.0.1:" + port, "/livez")).isEqualTo("ok\n");
    }
  }

  @Test
  void close_endsStreamsAsUnavailable() throws Exception {
    BrainServer server = start();
    Recorder<WatchResponse> watch = new Recorder<>();
    WatchGrpc.newStub(channel(server))
        .watch(watch)
        .onNext(
            WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY))
                .build());
    Recorder<HealthCheckResponse> health = new Recorder<>();
    HealthGrpc.newStub(channel(server)).watch(HealthCheckRequest.getDefaultInstance(), health);
    await().until(() -> watch.received.size() == 1 && health.received.size() == 1);

    server.close();

    await().until(() -> watch.ended.size() == 1 && health.ended.size() == 1);
    assertThat(Status.fromThrowable(watch.ended.element()).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(health.received)
        .extracting(HealthCheckResponse::getStatus)
        .containsExactly(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> put(server, "late"))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  @Test
  void start_directoryInUse() throws Exception {
    try (BrainServer server = start()) {
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(this::start)
          .satisfies(e -> assertThat(e.getMessage()).contains(data().toString()).hasLineCount(1));
      put(server, "still here");
    }
  }

  @Test
  void start_portInUse() throws Exception {
    try (BrainServer server = start()) {
      String url = server.urls().getFirst();
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(
              () ->
                  BrainServer.start(
                      TestConfig.of(
                          "--data-dir=" + directory.resolve("other"),
                          "--listen-client-urls=" + url),
                      threads))
          .withMessage(url + ": cannot listen: Address already in use");
    }
  }

  @Test
  void start_wrongEngine() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start("--engine=rocks"))
        .withMessage("--engine: rocks (expected: memory, rocksdb)");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start("--engine-option=no-such-option=1"))
        .withMessageContaining("no-such-option");
  }

  @Test
  void start_damagedDirectory() throws Exception {
    start().close();
    try (Stream<Path> files = Files.walk(data())) {
      for (Path file : files.filter(path -> path.endsWith("CURRENT")).toList()) {
        Files.writeString(file, "nonsense");
      }
    }

    assertThatExceptionOfType(StartException.class)
        .isThrownBy(this::start)
        .satisfies(e -> assertThat(e.getMessage()).contains(data().toString()).hasLineCount(1));
  }

  @Test
  void start_wrongTls() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(
            () ->
                start(
                    "--listen-client-urls=https://127.0.0.1:0",
                    "--cert-file=/no/such",
                    "--key-file=/no/such"))
        .withMessage("/no/such: no such file");
  }

  private Path data() {
    return directory.resolve("data");
  }

  private BrainServer start(String... flags) throws Exception {
    return BrainServer.start(
        TestConfig.of(
            Stream.concat(
                    Stream.of("--data-dir=" + data(), "--listen-client-urls=http://127.0.0.1:0"),
                    Stream.of(flags))
                .toArray(String[]::new)),
        threads);
  }

  private ManagedChannel channel(BrainServer server) throws Exception {
    ManagedChannel channel =
        ClientChannels.open(server.urls().getFirst(), new ClientChannels.Files(null, null, null));
    channels.add(channel);
    return channel;
  }

  private void put(BrainServer server, String value) throws Exception {
    assertThat(
            KVGrpc.newBlockingStub(channel(server))
                .put(
                    PutRequest.newBuilder()
                        .setKey(KEY)
                        .setValue(ByteString.copyFromUtf8(value))
                        .build())
                .getHeader()
                .getRevision())
        .isGreaterThan(1);
  }

  private String get(BrainServer server) throws Exception {
    return KVGrpc.newBlockingStub(channel(server))
        .range(RangeRequest.newBuilder().setKey(KEY).build())
        .getKvs(0)
        .getValue()
        .toStringUtf8();
  }

  private static String page(BrainServer server, String path) throws Exception {
    return page(server.urls().getFirst(), path);
  }

  private static String page(String url, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final class Recorder<T> implements StreamObserver<T> {
    private final Queue<T> received = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> ended = new ConcurrentLinkedQueue<>();

    @Override
    public void onNext(T message) {
      received.add(message);
    }

    @Override
    public void onError(Throwable error) {
      ended.add(error);
    }

    @Override
    public void onCompleted() {
      ended.add(Status.OK.asRuntimeException());
    }
  }
}
