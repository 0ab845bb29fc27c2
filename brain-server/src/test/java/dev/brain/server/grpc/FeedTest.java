// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.server.grpc.peer.Feed;
import dev.brain.server.grpc.peer.FeedSink;
import dev.brain.server.grpc.peer.LeaderLink;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import dev.brain.server.watch.WatchLimits;
import io.grpc.Channel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A feed from a real server. */
final class FeedTest {
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final AtomicReference<Optional<Channel>> leader = new AtomicReference<>(Optional.empty());
  private final Sink sink = new Sink();
  private WatchFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new WatchFixture(WatchLimits.DEFAULT, 1_000);
  }

  @AfterEach
  void stop() {
    fixture.close();
    timer.shutdownNow();
  }

  private static final class Sink implements FeedSink {
    private final List<Revision> revisions = new ArrayList<>();
    private long revision = 1;
    private long epoch;

    @Override
    public synchronized void epoch(long told) {
      epoch = told;
    }

    @Override
    public synchronized long revision() {
      return revision;
    }

    @Override
    public synchronized void publish(List<Revision> published) {
      for (Revision one : published) {
        assertThat(one.number()).isGreaterThan(revision);
        revision = one.number();
        revisions.add(one);
      }
    }

    @Override
    public synchronized void advance(long to) {
      revision = Math.max(revision, to);
    }

    @Override
    public synchronized void skip(long to) {
      revision = Math.max(revision, to);
    }

    synchronized List<Long> numbers() {
      return revisions.stream().map(Revision::number).toList();
    }

    synchronized List<Event> events(long number) {
      return revisions.stream().filter(one -> one.number() == number).toList().getFirst().events();
    }

    void awaitRevision(long number) {
      await().until(() -> revision() >= number);
    }
  }

  private Feed feed() {
    return Feed.start(new LeaderLink(leader::get), sink, timer);
  }

  private void connect() {
    leader.set(Optional.of(fixture.channel));
  }

  @Test
  void feed_tellsEveryRevision_withPreviousVersions() {
    connect();
    fixture.put("a", "1");
    try (Feed _ = feed()) {
      fixture.put("a", "2");
      fixture.write(
          WatchFixture.put("b", new byte[] {0}), WatchFixture.put("c", new byte[100_000]));
      fixture.delete("a");
      sink.awaitRevision(5);
    }

    assertThat(sink.epoch).isEqualTo(1);
    assertThat(sink.numbers()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(sink.events(4)).hasSize(2);
    assertThat(sink.events(3))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.row().version()).isEqualTo(2);
              assertThat(event.row().value()).asString().isEqualTo("2");
              assertThat(event.previous()).isNotNull().extracting(Row::modRevision).isEqualTo(2L);
            });
    assertThat(sink.events(5))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.isDelete()).isTrue();
              assertThat(event.previous())
                  .isNotNull()
                  .satisfies(previous -> assertThat(previous.value()).asString().isEqualTo("2"));
            });
  }

  @Test
  void feed_leaderComesLate_beginsThen() {
    fixture.put("a", "1");
    try (Feed _ = feed()) {
      connect();
      sink.awaitRevision(2);
    }
    assertThat(sink.numbers()).containsExactly(2L);
  }

  @Test
  void feed_broken_goesOnWhereItEnded() {
    connect();
    try (Feed _ = feed()) {
      fixture.put("a", "1");
      sink.awaitRevision(2);
      fixture.channel.shutdownNow();
      leader.set(Optional.empty());
      fixture.put("a", "2");
      fixture.put("a", "3");
      leader.set(
          Optional.of(NettyChannelBuilder.forAddress(fixture.address()).usePlaintext().build()));
      sink.awaitRevision(4);
    }
    assertThat(sink.numbers()).containsExactly(2L, 3L, 4L);
  }

  @Test
  void feed_compactedAway_goesOnAtTheCompaction() {
    fixture.put("a", "1");
    fixture.put("a", "2");
    fixture.put("a", "3");
    fixture.compact(4);
    connect();
    try (Feed _ = feed()) {
      sink.awaitRevision(4);
    }
    assertThat(sink.numbers()).containsExactly(4L);
  }

  @Test
  void feed_closed_tellsNothingMore() {
    connect();
    Feed feed = feed();
    fixture.put("a", "1");
    sink.awaitRevision(2);
    feed.close();

    fixture.put("a", "2");
    try (Feed _ = Feed.start(new LeaderLink(leader::get), sink, timer)) {
      sink.awaitRevision(3);
    }

    assertThat(sink.numbers()).containsExactly(2L, 3L);
  }
}
