// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static dev.brain.server.grpc.WatchClient.allFrom;
import static dev.brain.server.grpc.WatchClient.oneKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import dev.brain.proto.mvccpb.KeyValue;
import dev.brain.server.kv.Op;
import dev.brain.server.watch.WatchLimits;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WatchServiceTest {
  private static final int MEBIBYTE = 1 << 20;

  private WatchFixture server;
  private WatchClient client;

  @BeforeEach
  void open() throws IOException {
    open(WatchLimits.DEFAULT.withProgressInterval(WatchLimits.LEAST_PROGRESS_INTERVAL));
  }

  private void open(WatchLimits limits) throws IOException {
    server = new WatchFixture(limits, 100);
    client = server.watch();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private void reopen(WatchLimits limits) throws IOException {
    close();
    open(limits);
  }

  @Test
  void create_thenEvents_haveFullHeadersAndVersionsBefore() throws InterruptedException {
    server.put("a", "0");

    WatchResponse created = client.created(oneKey("a").setPrevKv(true).build());
    long second = server.put("a", "1");
    WatchResponse put = client.next();
    long third = server.delete("a");
    WatchResponse delete = client.next();

    assertThat(created.getWatchId()).isZero();
    assertThat(created.getHeader().getClusterId()).isEqualTo(server.store.clusterId());
    assertThat(created.getHeader().getMemberId()).isEqualTo(server.store.memberId());
    assertThat(created.getHeader().getRaftTerm()).isEqualTo(server.store.epoch());
    assertThat(created.getHeader().getRevision()).isEqualTo(2);
    KeyValue version = version("a", "0", 2, 2, 1);
    KeyValue next = version("a", "1", 2, second, 2);
    assertThat(put)
        .isEqualTo(
            created.toBuilder()
                .clearCreated()
                .setHeader(created.getHeader().toBuilder().setRevision(second))
                .addEvents(Event.newBuilder().setKv(next).setPrevKv(version))
                .build());
    assertThat(delete.getEventsList())
        .containsExactly(
            Event.newBuilder()
                .setType(Event.EventType.DELETE)
                .setKv(KeyValue.newBuilder().setKey(next.getKey()).setModRevision(third))
                .setPrevKv(next)
                .build());
  }

  @Test
  void create_withoutPrevKv_sendsNone() throws InterruptedException {
    server.put("a", "0");
    client.created(oneKey("a").build());
    server.put("a", "1");

    assertThat(client.next().getEvents(0).hasPrevKv()).isFalse();
  }

  @Test
  void create_withKeyNamesOfEtcd_watchesThoseRanges() throws InterruptedException {
    client.created(WatchCreateRequest.newBuilder().setWatchId(1).build());
    client.created(allFrom("").setWatchId(2).build());
    client.created(allFrom("b").setWatchId(3).build());
    client.created(oneKey("b").setRangeEnd(ByteString.copyFromUtf8("c")).setWatchId(4).build());

    server.put("a", "");
    assertThat(client.next().getWatchId()).isEqualTo(2);
    server.put("b", "");
    assertThat(List.of(client.next(), client.next(), client.next()))
        .extracting(WatchResponse::getWatchId)
        .containsExactlyInAnyOrder(2L, 3L, 4L);
    server.put("c", "");
    assertThat(List.of(client.next(), client.next()))
        .extracting(WatchResponse::getWatchId)
        .containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void create_ofWhatCannotBe_isCreatedAndCanceledWithReason() throws InterruptedException {
    client.create(oneKey("b").setRangeEnd(ByteString.copyFromUtf8("a")).build());
    assertRefused("mvcc: watcher range is empty");
    client.create(oneKey("b").setRangeEnd(ByteString.copyFromUtf8("b")).build());
    assertRefused("mvcc: watcher range is empty");
    client.create(oneKey("a").setStartRevision(-1).build());
    assertRefused("etcdserver: mvcc: required revision has been compacted");
    client.created(oneKey("a").setWatchId(5).build());
    client.create(oneKey("a").setWatchId(5).build());
    assertRefused("mvcc: duplicate watch ID provided on the WatchStream");
    assertThat(client.created(oneKey("a").build()).getWatchId()).isZero();
  }

  private void assertRefused(String reason) throws InterruptedException {
    WatchResponse response = client.next();
    assertThat(response.getCreated()).isTrue();
    assertThat(response.getCanceled()).isTrue();
    assertThat(response.getWatchId()).isEqualTo(-1);
    assertThat(response.getCancelReason()).isEqualTo(reason);
    assertThat(response.getCompactRevision()).isZero();
    assertThat(response.getHeader().getRevision()).isEqualTo(server.store.revision());
  }

  @Test
  void create_beyondTheLimit_isRefused() throws IOException, InterruptedException {
    reopen(new WatchLimits(1, 1, 9, 9, 9, 9, 1, 1, 9, WatchLimits.LEAST_PROGRESS_INTERVAL));
    client.created(oneKey("a").build());

    client.create(oneKey("a").build());
    assertRefused("etcdserver: too many requests");

    try (WatchClient second = server.watch()) {
      Status end = second.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(end.getDescription()).isEqualTo("etcdserver: too many requests");
    }
  }

  @Test
  void create_belowTheCompactRevision_isCreatedThenCanceled() throws InterruptedException {
    server.put("a", "1");
    long deleted = server.delete("a");
    server.put("a", "2");
    server.compact(deleted);

    client.created(oneKey("a").setStartRevision(deleted - 1).build());
    WatchResponse canceled = client.next();

    assertThat(canceled.getCreated()).isFalse();
    assertThat(canceled.getCanceled()).isTrue();
    assertThat(canceled.getCompactRevision()).isEqualTo(deleted);
    assertThat(canceled.getCancelReason()).isEmpty();
    assertThat(canceled.getHeader().getRevision()).isZero();
    assertThat(canceled.getHeader().getMemberId()).isEqualTo(server.store.memberId());
    client.created(oneKey("a").setStartRevision(deleted).setPrevKv(true).build());
    assertThat(client.next().getEventsList())
        .extracting(event -> event.getKv().getModRevision())
        .containsExactly(deleted, deleted + 1);
  }

  @Test
  void create_fromThePast_isToldEverythingThenLives() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      server.put("a/" + i % 7, "v" + i);
    }

    client.created(allFrom("a").setStartRevision(2).setPrevKv(true).build());
    List<Long> told = new ArrayList<>();
    while (told.size() < 500) {
      told.addAll(modRevisions(client.next()));
    }
    server.put("b", "");
    told.addAll(modRevisions(client.next()));

    assertThat(told).isEqualTo(IntStream.rangeClosed(2, 502).mapToObj(Long::valueOf).toList());
  }

  @Test
  void events_ofOneRevision_areOneMessageInTheOrderOfTheTransaction() throws InterruptedException {
    client.created(allFrom("a").build());

    long revision =
        server.write(
            WatchFixture.put("c", new byte[1]),
            WatchFixture.put("a", new byte[0]),
            WatchFixture.put("b", new byte[0]));

    WatchResponse response = client.next();
    assertThat(response.getHeader().getRevision()).isEqualTo(revision);
    assertThat(response.getEventsList())
        .extracting(event -> event.getKv().getKey().toStringUtf8())
        .containsExactly("c", "a", "b");
  }

  @Test
  void filters_leaveKindsOut() throws InterruptedException {
    client.created(oneKey("a").addFilters(WatchCreateRequest.FilterType.NOPUT).build());
    server.put("a", "");
    long deleted = server.delete("a");

    assertThat(modRevisions(client.next())).containsExactly(deleted);
  }

  @Test
  void cancel_isAnsweredOnlyIfThereIsTheWatch() throws InterruptedException {
    client.created(oneKey("a").setWatchId(3).build());
    long revision = server.put("b", "");

    client.cancel(99);
    client.sendNothing();
    client.cancel(3);

    WatchResponse canceled = client.next();
    assertThat(canceled.getCanceled()).isTrue();
    assertThat(canceled.getCreated()).isFalse();
    assertThat(canceled.getWatchId()).isEqualTo(3);
    assertThat(canceled.getHeader().getRevision()).isEqualTo(revision);
    assertThat(canceled.getCancelReason()).isEmpty();
    client.created(oneKey("a").setWatchId(3).build());
  }

  @Test
  void requestProgress_isAnsweredForAllWatchesBehindTheirEvents() throws InterruptedException {
    client.requestProgress();
    client.created(oneKey("a").build());
    long last = server.put("a", "");
    for (int i = 0; i < 50; i++) {
      last = server.put("a", "");
    }

    client.requestProgress();

    long told = 0;
    WatchResponse response = client.next();
    while (response.getEventsCount() > 0) {
      told = modRevisions(response).getLast();
      response = client.next();
    }
    assertThat(told).isEqualTo(last);
    assertThat(response.getWatchId()).isEqualTo(-1);
    assertThat(response.getHeader().getRevision()).isEqualTo(last);
    assertThat(response.getCreated() || response.getCanceled()).isFalse();
  }

  @Test
  void progressNotify_tellsTheRevisionWhileNothingHappens() throws InterruptedException {
    client.created(oneKey("a").setWatchId(8).setProgressNotify(true).build());
    long revision = server.put("b", "");

    WatchResponse response = client.next();
    while (response.getHeader().getRevision() < revision) {
      response = client.next();
    }

    assertThat(response.getWatchId()).isEqualTo(8);
    assertThat(response.getEventsCount()).isZero();
  }

  @Test
  void fragment_splitsBetweenEvents() throws InterruptedException {
    client.created(allFrom("a").setWatchId(1).build());
    client.created(allFrom("a").setWatchId(2).setFragment(true).build());
    Op[] puts =
        IntStream.range(0, 5)
            .mapToObj(i -> WatchFixture.put("a" + i, new byte[MEBIBYTE]))
            .toArray(Op[]::new);
    long revision = server.write(puts);

    List<WatchResponse> parts = new ArrayList<>();
    List<WatchResponse> whole = new ArrayList<>();
    while (parts.size() < 5 || whole.isEmpty()) {
      WatchResponse response = client.next();
      (response.getWatchId() == 1 ? whole : parts).add(response);
    }

    assertThat(whole).singleElement().extracting(WatchResponse::getEventsCount).isEqualTo(5);
    assertThat(parts)
        .extracting(WatchResponse::getFragment)
        .containsExactly(true, true, true, true, false);
    assertThat(parts)
        .allSatisfy(part -> assertThat(part.getSerializedSize()).isLessThan(2 * MEBIBYTE));
    assertThat(parts)
        .allSatisfy(part -> assertThat(part.getHeader().getRevision()).isEqualTo(revision));
    assertThat(parts.stream().flatMap(part -> part.getEventsList().stream()).toList())
        .isEqualTo(whole.getFirst().getEventsList());
  }

  @Test
  void fragment_ofSmallEvents_fillsMessagesBelowTheLimit() throws InterruptedException {
    client.created(allFrom("a").setFragment(true).build());
    Op[] puts =
        IntStream.range(0, 100)
            .mapToObj(i -> WatchFixture.put("a" + i, new byte[MEBIBYTE / 25]))
            .toArray(Op[]::new);
    server.write(puts);

    WatchResponse first = client.next();
    int events = first.getEventsCount();
    assertThat(first.getSerializedSize()).isBetween(2 * MEBIBYTE - MEBIBYTE / 20, 2 * MEBIBYTE - 1);
    WatchResponse response = first;
    while (response.getFragment()) {
      response = client.next();
      events += response.getEventsCount();
    }
    assertThat(events).isEqualTo(100);
  }

  @Test
  void halfClose_doesNotEndTheStream() throws InterruptedException {
    client.created(oneKey("a").build());
    client.halfClose();
    long revision = server.put("a", "");

    assertThat(modRevisions(client.next())).containsExactly(revision);
  }

  @Test
  void clientThatDoesNotRead_holdsLittleAndMissesNothing() throws InterruptedException {
    client.created(allFrom("a").build());
    try (WatchClient other = server.watch()) {
      other.created(allFrom("a").build());
      for (int i = 0; i < 300; i++) {
        server.write(WatchFixture.put("a", new byte[MEBIBYTE / 4]));
        assertThat(other.next().getEventsCount()).isEqualTo(1);
      }
    }
    Awaitility.await().until(() -> server.hub.usage().behind() == 1);
    assertThat(server.hub.usage().unsentBytes()).isLessThan(4L * MEBIBYTE);

    List<Long> told = new ArrayList<>();
    while (told.size() < 300) {
      told.addAll(modRevisions(client.next()));
    }
    assertThat(told).isEqualTo(IntStream.rangeClosed(2, 301).mapToObj(Long::valueOf).toList());
  }

  @Test
  void clientThatOnlyAsks_isHeldUp() throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      client.create(oneKey("a").setWatchId(i + 1L).build());
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(client.next().getWatchId()).isEqualTo(i + 1L);
    }
    server.put("a", "");
    for (int i = 0; i < 10_000; i++) {
      assertThat(client.next().getEventsCount()).isEqualTo(1);
    }
  }

  @Test
  void close_ofTheClient_endsItsWatches() throws InterruptedException {
    client.created(oneKey("a").build());
    client.close();

    Awaitility.await().until(() -> server.hub.usage().watches() == 0);
    assertThat(server.hub.usage().streams()).isZero();
  }

  @Test
  void close_ofTheHub_endsStreamsAsUnavailable() throws InterruptedException {
    client.created(oneKey("a").build());
    server.hub.close();

    Status end = client.end();
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).isEqualTo("etcdserver: server stopped");
    try (WatchClient late = server.watch()) {
      assertThat(late.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private static List<Long> modRevisions(WatchResponse response) {
    return response.getEventsList().stream().map(event -> event.getKv().getModRevision()).toList();
  }

  private static KeyValue version(String key, String value, long create, long mod, long version) {
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value))
        .setCreateRevision(create)
        .setModRevision(mod)
        .setVersion(version)
        .build();
  }
}
