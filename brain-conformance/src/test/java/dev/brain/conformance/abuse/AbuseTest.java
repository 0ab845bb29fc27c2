// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Call;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.DeepTxn;
import dev.brain.conformance.client.RawCall;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.WatchStream;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import dev.brain.proto.etcdserverpb.AlarmRequest;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.MaintenanceGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad clients of a server with a heap of 512 MiB. After each of them the server runs, answers
 * others, and has taken a bounded amount of memory.
 */
class AbuseTest {
  private static final long MIB = 1L << 20;
  // Heap, as much again outside of it, the engine, code and threads.
  private static final long RESIDENT = 1_600 * MIB;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private @Nullable Server started;
  private @Nullable Client connected;

  @BeforeEach
  void start() {
    Server server = Server.of(Subject.program(), directory);
    server.environment("BRAIN_JAVA_OPTS", "-Xmx512m");
    server.start();
    started = server;
    connected = Client.to(server.port());
  }

  @AfterEach
  void serverHasBornIt() {
    if (started == null || connected == null) {
      return;
    }
    try (Server server = started;
        Client client = connected) {
      assertThat(server.alive()).as(server::output).isTrue();
      try (Client other = Client.to(server.port())) {
        assertThat(other.call(Requests.put("after", "1")).code()).isEqualTo(Status.Code.OK);
        assertThat(other.call(Requests.range("after")).code()).isEqualTo(Status.Code.OK);
      }
      System.out.println("abuse: resident " + server.residentBytes() / MIB + " MiB");
      if (Subject.program() == Program.BRAIN) {
        assertThat(server.residentBytes()).isLessThan(RESIDENT);
      }
      assertThat(client.call(Requests.range("after")).code()).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void tenThousandWatches_onOneStream_areServedOrRefused() {
    int count = 10_000;
    try (WatchStream stream = WatchStream.open(client().channel())) {
      for (int i = 0; i < count; i++) {
        stream.create(WatchCreateRequest.newBuilder().setKey(Requests.bytes("many")).build());
      }
      boolean all = stream.await(PATIENCE, messages -> messages.size() >= count);
      Answer end = stream.end();
      assertThat(all || refused(end)).as("10,000 answers, or the refusal: " + end).isTrue();
      if (all) {
        long created = stream.received().stream().filter(m -> !m.getCanceled()).count();
        client().call(Requests.put("many", "1"));
        assertThat(stream.await(PATIENCE, messages -> messages.size() >= count + created)).isTrue();
      }
    }
  }

  @Test
  void lists_thatNobodyReads_costBoundedMemory() {
    for (int i = 0; i < 40; i++) {
      assertThat(client().call(Requests.put("list/" + i, "v".repeat(1_000_000))).code())
          .isEqualTo(Status.Code.OK);
    }
    List<SilentCall<RangeRequest, RangeResponse>> lists = new ArrayList<>();
    try (Client silent = Client.to(server().port())) {
      RangeRequest all = Requests.range("list/", "list0", r -> r).request();
      for (int i = 0; i < 50; i++) {
        lists.add(new SilentCall<>(silent.channel(), KVGrpc.getRangeMethod(), true, List.of(all)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(client().call(Requests.put("meanwhile", "" + i)).code())
            .isEqualTo(Status.Code.OK);
      }
    } finally {
      lists.forEach(SilentCall::close);
    }
  }

  @Test
  void watch_thatNobodyReads_costsBoundedMemoryAndMissesNothing() {
    int count = 300;
    WatchRequest create =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(Requests.bytes("slow")).setStartRevision(2))
            .build();
    try (Client silent = Client.to(server().port());
        WatchStream reader = WatchStream.open(client().channel());
        SilentCall<WatchRequest, WatchResponse> watch =
            new SilentCall<>(
                silent.channel(), WatchGrpc.getWatchMethod(), false, List.of(create))) {
      reader.create(create.getCreateRequest());
      for (int i = 0; i < count; i++) {
        assertThat(client().call(Requests.put("slow", i + "v".repeat(1_000_000))).code())
            .isEqualTo(Status.Code.OK);
      }
      assertThat(reader.await(PATIENCE, messages -> events(messages) == count)).isTrue();
      assertThat(server().alive()).isTrue();
      long next = 2;
      while (next < 2 + count) {
        WatchResponse response = watch.readOne();
        assertThat(response).as("a response with revision " + next).isNotNull();
        if (response == null) {
          return;
        }
        for (var event : response.getEventsList()) {
          assertThat(event.getKv().getModRevision()).isEqualTo(next++);
        }
      }
    }
  }

  @Test
  void streams_halfClosedAtOnce_areBorne() {
    List<WatchStream> streams = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      WatchStream stream = WatchStream.open(client().channel());
      stream.create(WatchCreateRequest.newBuilder().setKey(Requests.bytes("half")).build());
      stream.halfClose();
      streams.add(stream);
    }
    // A watch "from now" sees only what is written after its creation was answered.
    streams.forEach(stream -> awaitUnlessEnded(stream, messages -> !messages.isEmpty()));
    client().call(Requests.put("half", "1"));
    for (WatchStream stream : streams) {
      awaitUnlessEnded(stream, messages -> events(messages) == 1);
      stream.close();
    }
  }

  private static void awaitUnlessEnded(WatchStream stream, Predicate<List<WatchResponse>> enough) {
    assertThat(stream.await(PATIENCE, enough) || stream.end() != null).isTrue();
  }

  @Test
  void connections_droppedInTheMiddle_areForgotten() {
    for (int i = 0; i < 100; i++) {
      try (Client dropped = Client.to(server().port())) {
        WatchStream stream = WatchStream.open(dropped.channel());
        stream.create(
            WatchCreateRequest.newBuilder()
                .setKey(Requests.bytes("drop"))
                .setStartRevision(2)
                .build());
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int j = 0; j < 20; j++) {
          calls.add(dropped.callLater(Requests.put("drop", "v".repeat(10_000))));
        }
        assertThat(calls).hasSize(20);
      }
    }
  }

  @Test
  void nonsense_onTheSocket_isRefused() throws IOException {
    for (String nonsense :
        List.of(
            "",
            "GET / HTTP/1.1\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0".repeat(9),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u00ff".repeat(10_000),
            "\u0016\u0003\u0001\u0002\0\u0001",
            "\0".repeat(100_000))) {
      for (int i = 0; i < 20; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
          OutputStream out = socket.getOutputStream();
          out.write(nonsense.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
        } catch (IOException _) {
          // The server has hung up first.
        }
      }
    }
  }

  @Test
  void txns_nestedTooDeep_areRefused() {
    for (int depth : new int[] {1_000, 10_000, 100_000}) {
      for (int i = 0; i < 20; i++) {
        Answer answer = new RawCall("etcdserverpb.KV/Txn", DeepTxn.bytes(depth)).send(client());
        assertThat(answer.status())
            .isEqualTo("INVALID_ARGUMENT etcdserver: too many operations in txn request");
      }
    }
  }

  /** Two requests end the process of etcd 3.5.30, so that they cannot be compared. */
  @Test
  void requests_thatCrashEtcd_areRefused() {
    assumeTrue(Subject.program() == Program.BRAIN, "a real etcd would end");
    Answer sort = client().call(Requests.range("a", "b", r -> r.setSortTargetValue(9)));
    assertThat(sort.status()).isEqualTo("INVALID_ARGUMENT etcdserver: invalid sort option");
    Answer alarm =
        client()
            .call(
                Call.of(
                    MaintenanceGrpc.getAlarmMethod(),
                    AlarmRequest.newBuilder().setActionValue(9).build()));
    assertThat(alarm.code()).isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
  }

  private Server server() {
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  private Client client() {
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }

  private static int events(List<WatchResponse> messages) {
    return messages.stream().mapToInt(WatchResponse::getEventsCount).sum();
  }

  private static boolean refused(@Nullable Answer end) {
    return end != null && end.status().equals("RESOURCE_EXHAUSTED etcdserver: too many requests");
  }
}
