// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.jetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.NoLeaderException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What users of jetcd do: KV, Watch, Lease, Lock and Election. Each test has keys of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JetcdTest {
  private final Server server;
  private final Client client;

  JetcdTest(@TempDir Path directory) {
    server = Server.started(Subject.program(), directory);
    client = Client.builder().endpoints("http://127.0.0.1:" + server.port()).build();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void kv_putGetDelete_behave() {
    KV kv = client.getKVClient();
    long first = get(kv.put(bytes("kv/a"), bytes("1"))).getHeader().getRevision();
    KeyValue previous =
        get(kv.put(bytes("kv/a"), bytes("2"), PutOption.builder().withPrevKV().build()))
            .getPrevKv();
    assertThat(previous.getValue()).isEqualTo(bytes("1"));
    assertThat(previous.getModRevision()).isEqualTo(first);
    for (String key : List.of("b", "c", "d")) {
      get(kv.put(bytes("kv/" + key), bytes(key)));
    }

    GetResponse page =
        get(
            kv.get(
                bytes("kv/"),
                GetOption.builder()
                    .isPrefix(true)
                    .withLimit(2)
                    .withSortField(GetOption.SortTarget.KEY)
                    .withSortOrder(GetOption.SortOrder.DESCEND)
                    .build()));
    assertThat(page.getKvs())
        .extracting(kv2 -> kv2.getKey().toString())
        .containsExactly("kv/d", "kv/c");
    assertThat(page.isMore()).isTrue();
    assertThat(page.getCount()).isEqualTo(4);
    GetResponse old = get(kv.get(bytes("kv/a"), GetOption.builder().withRevision(first).build()));
    assertThat(old.getKvs().getFirst().getValue()).isEqualTo(bytes("1"));

    assertThat(
            get(kv.delete(bytes("kv/"), DeleteOption.builder().isPrefix(true).build()))
                .getDeleted())
        .isEqualTo(4);
  }

  @Test
  void kv_txn_takesTheBranchOfItsCompares() {
    KV kv = client.getKVClient();
    get(kv.put(bytes("txn/a"), bytes("1")));
    TxnResponse taken =
        get(
            kv.txn()
                .If(new Cmp(bytes("txn/a"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))))
                .Then(
                    Op.put(bytes("txn/b"), bytes("2"), PutOption.DEFAULT),
                    Op.get(bytes("txn/b"), GetOption.DEFAULT))
                .Else(Op.delete(bytes("txn/a"), DeleteOption.DEFAULT))
                .commit());
    assertThat(taken.isSucceeded()).isTrue();
    assertThat(taken.getGetResponses().getFirst().getKvs().getFirst().getValue())
        .isEqualTo(bytes("2"));
    TxnResponse other =
        get(
            kv.txn()
                .If(new Cmp(bytes("txn/a"), Cmp.Op.GREATER, CmpTarget.version(7)))
                .Else(Op.delete(bytes("txn/a"), DeleteOption.DEFAULT))
                .commit());
    assertThat(other.isSucceeded()).isFalse();
    assertThat(other.getDeleteResponses().getFirst().getDeleted()).isEqualTo(1);
  }

  @Test
  void kv_compactedRevision_isReportedAsSuch() {
    KV kv = client.getKVClient();
    long first = get(kv.put(bytes("compact/a"), bytes("1"))).getHeader().getRevision();
    long second = get(kv.put(bytes("compact/a"), bytes("2"))).getHeader().getRevision();
    get(kv.compact(second, CompactOption.builder().withCompactPhysical(true).build()));
    assertThatThrownBy(
            () -> get(kv.get(bytes("compact/a"), GetOption.builder().withRevision(first).build())))
        .hasStackTraceContaining("required revision has been compacted");

    CompletableFuture<Throwable> error = new CompletableFuture<>();
    try (Watch.Watcher _ =
        client
            .getWatchClient()
            .watch(
                bytes("compact/a"),
                WatchOption.builder().withRevision(first).build(),
                Watch.listener(_ -> {}, error::complete))) {
      assertThat(get(error))
          .isInstanceOfSatisfying(
              CompactedException.class,
              e -> assertThat(e.getCompactedRevision()).isEqualTo(second));
    }
  }

  @Test
  void watch_ofAPrefix_deliversEventsWithPreviousValues() throws InterruptedException {
    KV kv = client.getKVClient();
    long first = get(kv.put(bytes("watch/a"), bytes("1"))).getHeader().getRevision();
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    WatchOption option =
        WatchOption.builder().isPrefix(true).withPrevKV(true).withRevision(first).build();
    try (Watch.Watcher _ =
        client
            .getWatchClient()
            .watch(
                bytes("watch/"),
                option,
                (WatchResponse response) -> events.addAll(response.getEvents()))) {
      get(kv.put(bytes("watch/a"), bytes("2")));
      get(kv.delete(bytes("watch/a")));
      assertThat(next(events).getKeyValue().getValue()).isEqualTo(bytes("1"));
      WatchEvent update = next(events);
      assertThat(update.getPrevKV().getValue()).isEqualTo(bytes("1"));
      assertThat(update.getKeyValue().getValue()).isEqualTo(bytes("2"));
      WatchEvent deletion = next(events);
      assertThat(deletion.getEventType()).isEqualTo(WatchEvent.EventType.DELETE);
      assertThat(deletion.getPrevKV().getValue()).isEqualTo(bytes("2"));
    }
  }

  @Test
  void lease_grantKeepAliveRevoke_behave() {
    KV kv = client.getKVClient();
    long lease = get(client.getLeaseClient().grant(60)).getID();
    get(kv.put(bytes("lease/a"), bytes("1"), PutOption.builder().withLeaseId(lease).build()));
    assertThat(get(client.getLeaseClient().keepAliveOnce(lease)).getTTL()).isEqualTo(60);
    assertThat(
            get(client
                    .getLeaseClient()
                    .timeToLive(lease, LeaseOption.builder().withAttachedKeys().build()))
                .getKeys())
        .containsExactly(bytes("lease/a"));
    get(client.getLeaseClient().revoke(lease));
    assertThat(get(kv.get(bytes("lease/a"))).getKvs()).isEmpty();
  }

  @Test
  void lease_thatNobodyRenews_expires() {
    KV kv = client.getKVClient();
    long lease = get(client.getLeaseClient().grant(2)).getID();
    get(kv.put(bytes("expiry/a"), bytes("1"), PutOption.builder().withLeaseId(lease).build()));
    Awaitility.await("the key to expire")
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> get(kv.get(bytes("expiry/a"))).getKvs().isEmpty());
  }

  @Test
  void lock_heldByAnother_isGrantedAfterItsUnlock() {
    long first = get(client.getLeaseClient().grant(60)).getID();
    long second = get(client.getLeaseClient().grant(60)).getID();
    ByteSequence held = get(client.getLockClient().lock(bytes("lock"), first)).getKey();
    CompletableFuture<ByteSequence> waiting =
        client.getLockClient().lock(bytes("lock"), second).thenApply(response -> response.getKey());
    Awaitility.await("the second to queue up")
        .until(
            () ->
                get(client
                            .getKVClient()
                            .get(
                                bytes("lock/"),
                                GetOption.builder().isPrefix(true).withCountOnly(true).build()))
                        .getCount()
                    == 2);
    assertThat(waiting).isNotDone();
    get(client.getLockClient().unlock(held));
    get(client.getLockClient().unlock(get(waiting)));
  }

  @Test
  void election_campaignProclaimResign_behave() {
    long lease = get(client.getLeaseClient().grant(60)).getID();
    CampaignResponse won =
        get(client.getElectionClient().campaign(bytes("election"), lease, bytes("me")));
    assertThat(get(client.getElectionClient().leader(bytes("election"))).getKv().getValue())
        .isEqualTo(bytes("me"));
    get(client.getElectionClient().proclaim(won.getLeader(), bytes("still me")));
    assertThat(get(client.getElectionClient().leader(bytes("election"))).getKv().getValue())
        .isEqualTo(bytes("still me"));
    get(client.getElectionClient().resign(won.getLeader()));
    assertThatThrownBy(() -> get(client.getElectionClient().leader(bytes("election"))))
        .hasCauseInstanceOf(NoLeaderException.class);
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static WatchEvent next(BlockingQueue<WatchEvent> events) throws InterruptedException {
    WatchEvent event = events.poll(30, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event in time");
    }
    return event;
  }
}
