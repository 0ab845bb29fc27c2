// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WireRequests.get;
import static dev.brain.server.grpc.WireRequests.list;
import static dev.brain.server.grpc.WireRequests.op;
import static dev.brain.server.grpc.WireRequests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.RangeStreamResponse;
import dev.brain.proto.etcdserverpb.TxnRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when more is asked for than fits in memory or is read by the client. */
class ReadLoadTest {
  /** The list of all keys: 200 keys of 10 kB. */
  private static final long LIST_BYTES = 200 * 10_000;

  private static final RangeRequest ALL = list("k", "l");

  /** Warns of every cancelled call whose answer was not taken; kept, or its level were lost. */
  private static final Logger NOISY = Logger.getLogger("io.grpc.netty.NettyServerHandler");

  @BeforeAll
  static void quieten() {
    NOISY.setLevel(Level.SEVERE);
  }

  @TempDir private Path directory;
  private @Nullable ServerFixture opened;

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private ServerFixture open(long budget, Duration timeout) throws IOException {
    ServerFixture server =
        new ServerFixture(directory, new MemoryStorage().open(), budget, timeout, 0);
    opened = server;
    for (int i = 0; i < 200; i++) {
      server.kv.put(put("k%03d".formatted(i), "v".repeat(10_000)));
    }
    return server;
  }

  @Test
  void lists_whoseClientNeverReads() throws IOException {
    ServerFixture server = open(3 * LIST_BYTES, Duration.ofMillis(500));
    List<ClientCall<RangeRequest, RangeResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(neverRead(server, KVGrpc.getRangeMethod()));
    }
    await().until(() -> server.budget.waiting() == 0 && server.budget.used() > LIST_BYTES);
    assertThat(server.budget.used()).isLessThanOrEqualTo(3 * LIST_BYTES);
    assertThat(server.kv.range(get("k001")).getCount()).isEqualTo(1);
    assertThatThrownBy(() -> server.kv.range(ALL))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");
    calls.forEach(call -> call.cancel("enough", null));
    await().until(() -> server.budget.used() == 0);
    assertThat(server.kv.range(ALL).getKvsCount()).isEqualTo(200);
    await().until(() -> server.budget.used() == 0);
  }

  @Test
  void streams_whoseClientNeverReads() throws IOException {
    ServerFixture server = open(3 * LIST_BYTES, Duration.ofMillis(500));
    List<ClientCall<RangeRequest, RangeStreamResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(neverRead(server, KVGrpc.getRangeStreamMethod()));
    }
    await().until(() -> server.budget.used() > LIST_BYTES / 2);
    assertThat(server.budget.used()).isLessThanOrEqualTo(4 * LIST_BYTES);
    calls.forEach(call -> call.cancel("enough", null));
    await().until(() -> server.budget.used() == 0 && server.budget.waiting() == 0);
    List<RangeStreamResponse> chunks = new ArrayList<>();
    server.kv.rangeStream(ALL).forEachRemaining(chunks::add);
    assertThat(chunks.getLast().getRangeResponse().getCount()).isEqualTo(200);
    await().until(() -> server.budget.used() == 0);
  }

  @Test
  void lists_wait() throws Exception {
    ServerFixture server = open(3 * LIST_BYTES, Duration.ofSeconds(60));
    List<ListenableFuture<RangeResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(KVGrpc.newFutureStub(server.channel).range(ALL));
    }
    for (ListenableFuture<RangeResponse> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).getKvsCount()).isEqualTo(200);
    }
    await().until(() -> server.budget.used() == 0);
  }

  @Test
  void list_largerThanTheBudget() throws IOException {
    ServerFixture server = open(LIST_BYTES / 2, Duration.ofSeconds(60));
    assertThatThrownBy(() -> server.kv.range(ALL))
        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");
    assertThat(server.kv.range(ALL.toBuilder().setLimit(50).build()).getCount()).isEqualTo(200);
    assertThat(server.kv.range(ALL.toBuilder().setCountOnly(true).build()).getCount())
        .isEqualTo(200);
    List<RangeStreamResponse> chunks = new ArrayList<>();
    server.kv.rangeStream(ALL).forEachRemaining(chunks::add);
    assertThat(chunks.getLast().getRangeResponse().getCount()).isEqualTo(200);
    await().until(() -> server.budget.used() == 0);
  }

  @Test
  void reads_waitForAReaderThenAreRefused() throws Exception {
    ServerFixture server = open(3 * LIST_BYTES, Duration.ofMillis(100));
    CountDownLatch hold = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      server.readers.execute(() -> awaitQuietly(hold));
    }
    try {
      assertThatThrownBy(() -> server.kv.range(ALL))
          .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");
      assertThatThrownBy(
              () -> server.kv.txn(TxnRequest.newBuilder().addSuccess(op(get("k001"))).build()))
          .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");
      assertThat(server.kv.range(get("k001")).getCount()).isEqualTo(1);
    } finally {
      hold.countDown();
    }
    await().until(() -> server.budget.used() == 0);
  }

  @Test
  void reads_moreThanMayWait() throws Exception {
    ServerFixture server = open(3 * LIST_BYTES, Duration.ofSeconds(60));
    CountDownLatch hold = new CountDownLatch(1);
    List<ListenableFuture<RangeResponse>> answers = new ArrayList<>();
    int refused = 0;
    try {
      for (int i = 0; i < 2; i++) {
        server.readers.execute(() -> awaitQuietly(hold));
      }
      for (int i = 0; i < 20; i++) {
        answers.add(KVGrpc.newFutureStub(server.channel).range(ALL));
      }
      await().until(() -> answers.stream().filter(ListenableFuture::isDone).count() == 4);
    } finally {
      hold.countDown();
    }
    for (ListenableFuture<RangeResponse> answer : answers) {
      try {
        answer.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        assertThat(e).hasMessageContaining("RESOURCE_EXHAUSTED: etcdserver: too many requests");
        refused++;
      }
    }
    assertThat(refused).isGreaterThanOrEqualTo(4);
    await().until(() -> server.budget.used() == 0 && server.budget.waiting() == 0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for the list and takes nothing of the answer. */
  private static <T> ClientCall<RangeRequest, T> neverRead(
      ServerFixture server, MethodDescriptor<RangeRequest, T> method) {
    ClientCall<RangeRequest, T> call = server.channel.newCall(method, CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<T>() {}, new Metadata());
    call.sendMessage(ALL);
    call.halfClose();
    return call;
  }
}
