// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.WatchStream;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import dev.brain.proto.etcdserverpb.KVGrpc;
import dev.brain.proto.etcdserverpb.LeaseLeasesResponse;
import dev.brain.proto.etcdserverpb.RangeRequest;
import dev.brain.proto.etcdserverpb.RangeResponse;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More than a server can do: memory stays bounded, what is refused was not applied, and a client
 * that asks for little is served. Latencies are printed and not judged, since they are the
 * machine's too. Small by default; {@code -Dbrain.overload=full} runs the scale that Brain claims,
 * for minutes.
 */
class OverloadTest {
  private static final boolean FULL = "full".equals(System.getProperty("brain.overload"));
  private static final long MIB = 1L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(FULL ? 300 : 60);

  @TempDir Path directory;
  private @Nullable Server started;

  @BeforeEach
  void onlyBrain() {
    assumeTrue(Subject.program() == Program.BRAIN, "etcd does not claim these bounds");
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  private Server start(String heap, String... flags) {
    Server server = Server.of(Program.BRAIN, directory, flags);
    server.environment("BRAIN_JAVA_OPTS", "-Xmx" + heap);
    server.start();
    started = server;
    return server;
  }

  @Test
  void manyLargeLists_areServedOrRefused_andWritesGoOn() {
    int size = FULL ? 200 : 30;
    Server server = start(FULL ? "1g" : "256m");
    try (Client client = Client.to(server.port());
        SteadyWriter writer = SteadyWriter.to(server.port())) {
      for (int i = 0; i < size; i++) {
        ok(client.call(Requests.put("list/%03d".formatted(i), "v".repeat((int) MIB))));
      }
      report(server, "writes before lists", writer.takeLatencies());
      Map<String, Integer> outcomes = new TreeMap<>();
      List<CompletableFuture<String>> lists = new ArrayList<>();
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(Client.to(server.port()));
      }
      int before = writer.answered();
      for (int i = 0; i < 64; i++) {
        Channel channel = clients.get(i % clients.size()).channel();
        lists.add(CompletableFuture.supplyAsync(() -> list(channel), task -> daemon(task)));
      }
      for (CompletableFuture<String> list : lists) {
        outcomes.merge(
            list.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join(), 1, Integer::sum);
      }
      clients.forEach(Client::close);
      report(server, "writes during lists", writer.takeLatencies());
      report(server, "64 lists of " + size + " MiB", outcomes.toString());
      assertThat(outcomes.keySet())
          .isSubsetOf("OK", "RESOURCE_EXHAUSTED etcdserver: too many requests");
      assertThat(outcomes).containsKey("OK");
      assertThat(writer.answered()).isGreaterThan(before);
      assertThat(writer.refused()).isZero();
      assertThat(server.alive()).as(server::output).isTrue();
    }
  }

  private static String list(Channel channel) {
    RangeRequest all = Requests.range("list/", "list0", r -> r).request();
    CallOptions patient =
        CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(channel, SkippedAnswer.range(), patient, all);
      return "OK";
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return status.getCode() + " " + status.getDescription();
    }
  }

  @Test
  void listsThatNobodyReads_areCutOff_andOthersServed() {
    Server server = start("96m", "--watch-history-bytes=1MiB");
    List<SilentCall<RangeRequest, RangeResponse>> silent = new ArrayList<>();
    try (Client client = Client.to(server.port());
        Client first = Client.to(server.port());
        Client second = Client.to(server.port())) {
      for (int i = 0; i < 10; i++) {
        ok(client.call(Requests.put("list/" + i, "v".repeat((int) MIB))));
      }
      RangeRequest all = Requests.range("list/", "list0", r -> r).request();
      for (Client stopped : List.of(first, second)) {
        silent.add(
            new SilentCall<>(stopped.channel(), KVGrpc.getRangeMethod(), true, List.of(all)));
      }
      // Two lists of 10 MiB are all that a quarter of this heap has room for.
      await().atMost(PATIENCE).until(() -> !list(client.channel()).equals("OK"));
      await().atMost(PATIENCE).until(() -> list(client.channel()).equals("OK"));
      for (SilentCall<RangeRequest, RangeResponse> list : silent) {
        assertThat(list.awaitEnd().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(list.read()).isZero();
      }
      ok(first.call(Requests.put("list/0", "v")));
    } finally {
      silent.forEach(SilentCall::close);
    }
  }

  @Test
  void watchersThatStopReading_costBoundedMemory_andMissNothing() {
    int keys = FULL ? 1_000 : 200;
    int streams = FULL ? 100 : 20;
    int rounds = FULL ? 256 : 64;
    int valueBytes = FULL ? 4_096 : 10_000;
    // What the server holds at rest, 16 MiB of history, and 256 MiB that it may grow by.
    Server server = start("336m");
    List<SilentCall<WatchRequest, WatchResponse>> stalled = new ArrayList<>();
    try (Client silent = Client.to(server.port());
        Client client = Client.to(server.port());
        WatchStream reader = WatchStream.open(client.channel())) {
      for (int stream = 0; stream < streams; stream++) {
        List<WatchRequest> creates = new ArrayList<>();
        for (int key = stream; key < keys; key += streams) {
          creates.add(WatchRequest.newBuilder().setCreateRequest(watch(name(key), "")).build());
        }
        stalled.add(new SilentCall<>(silent.channel(), WatchGrpc.getWatchMethod(), false, creates));
      }
      reader.create(watch("stall/", "stall0"));
      report(server, "before the events", "");
      String value = "v".repeat(valueBytes);
      Semaphore underWay = new Semaphore(200);
      int seen = 0;
      for (int round = 0; round < rounds; round++) {
        for (int key = 0; key < keys; key++) {
          underWay.acquireUninterruptibly();
          CompletableFuture<Void> _ =
              client
                  .callLater(Requests.put(name(key), value))
                  .thenAccept(
                      answer -> {
                        ok(answer);
                        underWay.release();
                      });
        }
        int due = (round + 1) * keys;
        int known = seen;
        assertThat(reader.await(PATIENCE, messages -> known + events(messages) >= due)).isTrue();
        seen += events(reader.drain());
      }
      report(server, "%,d events of %,d bytes later".formatted(keys * rounds, valueBytes), "");
      for (SilentCall<WatchRequest, WatchResponse> stream : stalled) {
        readAll(stream, keys / streams, rounds);
      }
      report(server, "after they were read", "");
      assertThat(server.alive()).as(server::output).isTrue();
    } finally {
      stalled.forEach(SilentCall::close);
    }
  }

  /** Reads what a stream has missed: each key as often as it was written, in order. */
  private static void readAll(
      SilentCall<WatchRequest, WatchResponse> stream, int watches, int rounds) {
    Map<Long, Long> versions = new HashMap<>();
    long events = 0;
    while (events < (long) watches * rounds) {
      WatchResponse response = stream.readOne();
      assertThat(response).as("a response after %,d events", events).isNotNull();
      if (response == null) {
        return;
      }
      for (var event : response.getEventsList()) {
        long version = event.getKv().getVersion();
        assertThat(version).isEqualTo(versions.getOrDefault(response.getWatchId(), 0L) + 1);
        versions.put(response.getWatchId(), version);
        events++;
      }
    }
    assertThat(versions).hasSize(watches);
  }

  private static String name(int key) {
    return "stall/%04d".formatted(key);
  }

  private static WatchCreateRequest watch(String key, String end) {
    return WatchCreateRequest.newBuilder()
        .setKey(Requests.bytes(key))
        .setRangeEnd(Requests.bytes(end))
        .setStartRevision(2)
        .build();
  }

  private static int events(List<WatchResponse> messages) {
    return messages.stream().mapToInt(WatchResponse::getEventsCount).sum();
  }

  @Test
  void floodOfWriters_isHeld_andWhatWasRefusedWasNotApplied() {
    Server server =
        start(FULL ? "1g" : "512m", FULL ? "--write-latency=250ms" : "--write-latency=20ms");
    try (Client client = Client.to(server.port());
        SteadyWriter writer = SteadyWriter.to(server.port());
        Flood flood = new Flood(server.port(), 50, 512)) {
      await().atMost(PATIENCE).until(() -> writer.answered() > 200);
      report(server, "writes before the flood", writer.takeLatencies());
      flood.start(5_000);
      int enough = FULL ? 200_000 : 20_000;
      await().atMost(PATIENCE).until(() -> flood.count(Status.Code.OK) > enough);
      report(server, "writes during the flood", writer.takeLatencies());
      report(server, "steady writes refused", "" + writer.refused());
      Map<String, Answer> answers = flood.end();
      Map<String, Integer> outcomes = new TreeMap<>();
      answers.values().forEach(answer -> outcomes.merge(answer.status(), 1, Integer::sum));
      report(server, "5,000 writers", outcomes.toString());
      assertThat(outcomes.keySet())
          .isSubsetOf("OK", "RESOURCE_EXHAUSTED etcdserver: too many requests");
      Set<String> expected = new HashSet<>();
      answers.forEach(
          (key, answer) -> {
            if (answer.code() == Status.Code.OK) {
              expected.add(key);
            }
          });
      assertThat(keys(client, "flood/", "flood0")).isEqualTo(expected);
      assertThat(writer.answered()).isPositive();
    }
  }

  private static Set<String> keys(Client client, String from, String end) {
    Set<String> keys = new HashSet<>();
    String next = from;
    boolean more = true;
    while (more) {
      RangeResponse page =
          client.answer(Requests.range(next, end, r -> r.setKeysOnly(true).setLimit(10_000)));
      page.getKvsList().forEach(kv -> keys.add(kv.getKey().toStringUtf8()));
      more = page.getMore();
      next = page.getKvs(page.getKvsCount() - 1).getKey().toStringUtf8() + "\0";
    }
    return keys;
  }

  @Test
  void leasesThatExpireAtOnce_areGoneSoon_andWritesGoOn() {
    int count = FULL ? 100_000 : 10_000;
    int life = FULL ? 120 : 15;
    Server server = start("512m");
    try (Client client = Client.to(server.port())) {
      long began = System.nanoTime();
      Semaphore underWay = new Semaphore(300);
      for (int i = 1; i <= count; i++) {
        long id = i;
        long left = life - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        underWay.acquireUninterruptibly();
        CompletableFuture<Void> _ =
            client
                .callLater(Requests.grant(id, Math.max(2, left)))
                .thenCompose(
                    granted ->
                        client.callLater(Requests.put("leased/" + id, "v", p -> p.setLease(id))))
                .thenAccept(attached -> underWay.release());
      }
      underWay.acquireUninterruptibly(300);
      report(server, "granting %,d leases".formatted(count), seconds(began));
      try (SteadyWriter writer = SteadyWriter.to(server.port())) {
        await().atMost(PATIENCE).until(() -> writer.answered() > 200 || leases(client) < count);
        report(server, "writes before the end of leases", writer.takeLatencies());
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .until(() -> leases(client) < count);
        long ending = System.nanoTime();
        await().atMost(PATIENCE).until(() -> leases(client) == 0);
        report(server, "%,d leases ended".formatted(count), seconds(ending));
        report(server, "writes meanwhile", writer.takeLatencies());
        assertThat(writer.refused()).isZero();
      }
      assertThat(keys(client)).isZero();
    }
  }

  private static long keys(Client client) {
    return client
        .answer(Requests.range("leased/", "leased0", r -> r.setCountOnly(true)))
        .getCount();
  }

  private static int leases(Client client) {
    LeaseLeasesResponse leases = client.answer(Requests.leases());
    return leases.getLeasesCount();
  }

  private static String seconds(long since) {
    return "took %.1f s".formatted((System.nanoTime() - since) / 1e9);
  }

  private static void ok(Answer answer) {
    assertThat(answer.status()).isEqualTo("OK");
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "list");
    thread.setDaemon(true);
    thread.start();
  }

  private static void report(Server server, String what, String seen) {
    System.out.printf(
        "overload: %s: %s (resident %,d MiB)%n", what, seen, server.residentBytes() / MIB);
  }
}
