// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchGrpc;
import dev.brain.proto.etcdserverpb.WatchRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import dev.brain.proto.mvccpb.Event;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A watch of all keys that stays open whatever the roles of the node are. One that is told that
 * what it needs is compacted begins again, on the same stream, at the compact revision.
 */
final class OpenWatch implements StreamObserver<WatchResponse> {
  private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

  /** Revisions that were compacted before this watch was told of them. */
  private record Gap(long from, long before) {}

  private final String node;
  private final ClusterHistory history;
  private final StreamObserver<WatchRequest> requests;

  @GuardedBy("this")
  private final List<Event> events = new ArrayList<>();

  @GuardedBy("this")
  private final List<Gap> gaps = new ArrayList<>();

  @GuardedBy("this")
  private long first;

  @GuardedBy("this")
  private long next;

  private volatile boolean closed;

  /**
   * @param from the first revision wanted, or 0 for what comes
   */
  OpenWatch(TestNode node, long from, ClusterHistory history) {
    this.node = node.name;
    this.history = history;
    this.first = from;
    this.next = from;
    this.requests = WatchGrpc.newStub(node.clients).watch(this);
    create(from);
  }

  private void create(long from) {
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(ALL)
                    .setRangeEnd(ALL)
                    .setStartRevision(from)
                    .setPrevKv(true))
            .build());
  }

  @Override
  public synchronized void onNext(WatchResponse response) {
    long told = response.getHeader().getRevision();
    if (response.getCreated() && next == 0) {
      first = told + 1;
      next = told + 1;
    }
    if (response.getCanceled()) {
      long compacted = response.getCompactRevision();
      history.require(compacted > next, "watch on " + node + " at " + next + ": " + response);
      gaps.add(new Gap(next, compacted));
      next = compacted;
      create(compacted);
    }
    for (Event event : response.getEventsList()) {
      history.require(
          event.getKv().getModRevision() <= told, "watch on " + node + " is ahead of its header");
      events.add(event);
      next = event.getKv().getModRevision() + 1;
    }
    if (response.getEventsCount() > 0) {
      history.tell(next - 1);
    }
  }

  @Override
  public void onError(Throwable fault) {
    history.require(closed, "a watch on " + node + " broke: " + fault);
  }

  @Override
  public void onCompleted() {
    history.require(closed, "a watch on " + node + " ended");
  }

  /** Waits for the last event. */
  void awaitThrough(long revision) {
    await("watch on " + node)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(nextRevision()).isGreaterThan(revision));
  }

  private synchronized long nextRevision() {
    return next;
  }

  /** Ends it on purpose. */
  void close() {
    closed = true;
    requests.onCompleted();
  }

  /**
   * Each event once, in order, but for those which were compacted.
   *
   * @param compacted what may be compacted
   */
  synchronized void check(Replay replay, long compacted) {
    List<Event> expected = new ArrayList<>();
    replay
        .log()
        .tailMap(first)
        .forEach(
            (revision, all) -> {
              if (gaps.stream().noneMatch(g -> g.from() <= revision && revision < g.before())) {
                expected.addAll(all);
              }
            });
    assertThat(gaps).allMatch(gap -> gap.before() <= compacted);
    assertThat(events.stream().map(OpenWatch::name).toList())
        .as("watch on %s from %s, compacted %s", node, first, gaps)
        .isEqualTo(expected.stream().map(OpenWatch::name).toList());
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      boolean lostPrevious =
          !event.hasPrevKv() && expected.get(i).getPrevKv().getModRevision() <= compacted;
      assertThat(event)
          .isEqualTo(
              lostPrevious ? expected.get(i).toBuilder().clearPrevKv().build() : expected.get(i));
    }
  }

  private static String name(Event event) {
    return event.getType()
        + " "
        + event.getKv().getKey().toStringUtf8()
        + " at "
        + event.getKv().getModRevision();
  }
}
