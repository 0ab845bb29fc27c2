// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Failure;
import dev.brain.server.watch.CreateOutcome.Compacted;
import dev.brain.server.watch.CreateOutcome.Created;
import dev.brain.server.watch.CreateOutcome.Reason;
import dev.brain.server.watch.CreateOutcome.Refused;
import dev.brain.server.watch.Simulation.Stream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class WatchHubTest {
  private static final KeyRange A = Simulation.prefix("a");

  @Test
  void create_fromNow_seesOnlyWhatComesAfter() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.put("a");

      assertThat(simulation.create(stream, WatchSpec.of(A, 0))).isEqualTo(new Created(0, 2));

      simulation.put("a", "b");
      simulation.settle();
      assertThat(stream.sink().sent).containsExactly("events 0 @3 x1");
    }
  }

  @Test
  void create_whileTheHubLagsBehindTheWatermark_seesNothingAnsweredBefore() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      var late = simulation.store.put(ModelStore.key("a"));

      assertThat(simulation.create(stream, WatchSpec.of(A, 0))).isEqualTo(new Created(0, 2));
      simulation.hub.published(List.of(late));
      simulation.put("a");
      simulation.settle();

      assertThat(stream.sink().sent).containsExactly("events 0 @3 x1");
    }
  }

  @Test
  void create_fromThePast_readsTheLogThenMemoryThenIsLive() {
    try (Simulation simulation = new Simulation(1)) {
      for (int i = 0; i < 20; i++) {
        simulation.put("a");
      }
      Stream stream = simulation.openStream();

      simulation.create(stream, WatchSpec.of(A, 2));
      simulation.put("a");
      simulation.settle();

      stream.sink().assertComplete();
      assertThat(stream.sink().events()).isEqualTo(21);
      assertThat(stream.sink().sent).first().isEqualTo("events 0 @4 x3");
      assertThat(stream.sink().sent).last().isEqualTo("events 0 @22 x1");
    }
  }

  @Test
  void create_ofRareKeyFromLongAgo_letsOthersReadInBetween() {
    try (Simulation simulation = new Simulation(1)) {
      Stream rare = simulation.openStream();
      Stream other = simulation.openStream();
      simulation.put("b", "c");
      for (int i = 0; i < 25_000; i++) {
        simulation.put("a");
      }
      simulation.put("b");
      simulation.create(rare, WatchSpec.of(Simulation.single("b"), 3));
      simulation.create(other, WatchSpec.of(Simulation.single("c"), 2));

      assertThat(rare.sink().sent).containsExactly("events 0 @25003 x1");
      assertThat(other.sink().sent).hasSize(1);
      assertThat(simulation.hub.usage().behind()).isZero();
    }
  }

  @Test
  void create_fromTheFuture_waitsForIt() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.create(stream, WatchSpec.of(A, 4));

      simulation.put("a");
      simulation.put("a");
      simulation.requestProgress(stream);
      simulation.settle();
      assertThat(stream.sink().sent).isEmpty();

      simulation.put("a");
      simulation.requestProgress(stream);
      simulation.settle();
      assertThat(stream.sink().sent).containsExactly("events 0 @4 x1", "progress -1 @4");
    }
  }

  @Test
  void create_aroundTheCompactRevision_isCompactedBelowItOnly() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.put("a");
      simulation.delete("a");
      simulation.put("a");
      simulation.store.compact(3);

      assertThat(simulation.create(stream, WatchSpec.of(A, 2))).isEqualTo(new Compacted(0, 4, 3));
      assertThat(simulation.create(stream, WatchSpec.of(A, 3))).isEqualTo(new Created(1, 4));

      assertThat(stream.sink().sent).containsExactly("events 1 @4 x2");
    }
  }

  @Test
  void create_ofWhatCannotBe_isRefused() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      KeyRange empty = new KeyRange(new byte[] {2}, new byte[] {2});

      assertThat(simulation.create(stream, WatchSpec.of(A, -1)))
          .isEqualTo(new Refused(Reason.NEGATIVE_START, 1));
      assertThat(simulation.create(stream, WatchSpec.of(empty, 0)))
          .isEqualTo(new Refused(Reason.EMPTY_RANGE, 1));
      assertThat(simulation.create(stream, withId(7))).isEqualTo(new Created(7, 1));
      assertThat(simulation.create(stream, withId(7)))
          .isEqualTo(new Refused(Reason.DUPLICATE_ID, 1));
    }
  }

  @Test
  void create_withoutId_takesTheNextFreeOne() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();

      assertThat(simulation.create(stream, withId(1))).isEqualTo(new Created(1, 1));
      assertThat(simulation.create(stream, withId(0))).isEqualTo(new Created(0, 1));
      assertThat(simulation.create(stream, withId(0))).isEqualTo(new Created(2, 1));
      stream.session().execute(() -> stream.sink().cancel(stream.session(), 1));
      assertThat(simulation.create(stream, withId(1))).isEqualTo(new Created(1, 1));
      assertThat(simulation.create(stream, withId(0))).isEqualTo(new Created(3, 1));
    }
  }

  @Test
  void create_beyondTheLimits_isRefused() {
    WatchLimits limits = new WatchLimits(2, 2, 3, 3, 200, 4, 1, 1, 1, Duration.ofSeconds(1));
    try (Simulation simulation = new Simulation(1, limits, 8)) {
      Stream one = simulation.openStream();
      Stream two = simulation.openStream();

      assertThat(simulation.hub.open(new CheckedSink(simulation.store, "third"))).isEmpty();
      assertThat(simulation.create(one, withId(0))).isEqualTo(new Created(0, 1));
      assertThat(simulation.create(one, withId(0))).isEqualTo(new Created(1, 1));
      assertThat(simulation.create(one, withId(0)))
          .isEqualTo(new Refused(Reason.TOO_MANY_WATCHES, 1));
      assertThat(simulation.create(two, withId(0))).isEqualTo(new Created(0, 1));
      assertThat(simulation.create(two, withId(0)))
          .isEqualTo(new Refused(Reason.TOO_MANY_WATCHES, 1));
      cancel(simulation, one, 0);
      assertThat(simulation.create(two, withId(0))).isEqualTo(new Created(1, 1));
    }
  }

  @Test
  void slowStream_whoseHistoryWasCompacted_isCancelledAndNeverMovedForward() {
    try (Simulation simulation = new Simulation(1)) {
      Stream slow = simulation.openStream();
      simulation.create(slow, WatchSpec.of(A, 0));
      simulation.grant(slow, 0);
      for (int i = 0; i < 20; i++) {
        simulation.put("a");
      }
      simulation.settle();
      simulation.store.compact(10);
      simulation.grant(slow, 9);
      simulation.settle();

      assertThat(slow.sink().sent).containsExactly("compacted 0 @10");
      simulation.create(slow, WatchSpec.of(A, 0));
      simulation.requestProgress(slow);
      simulation.settle();
      assertThat(slow.sink().sent).containsExactly("compacted 0 @10", "progress -1 @21");
    }
  }

  @Test
  void slowStream_whoseHistoryIsInMemory_outlivesTheCompaction() {
    try (Simulation simulation = new Simulation(1)) {
      Stream slow = simulation.openStream();
      simulation.create(slow, WatchSpec.of(A, 0));
      simulation.grant(slow, 0);
      simulation.put("a");
      simulation.put("a");
      simulation.settle();
      simulation.store.compact(3);
      simulation.grant(slow, 9);
      simulation.settle();

      assertThat(slow.sink().sent).containsExactly("events 0 @3 x2");
    }
  }

  @Test
  void slowStream_doesNotHoldUpOthers() {
    try (Simulation simulation = new Simulation(1)) {
      Stream slow = simulation.openStream();
      Stream quick = simulation.openStream();
      simulation.create(slow, WatchSpec.of(A, 0));
      simulation.create(quick, WatchSpec.of(A, 0));
      simulation.grant(slow, 0);
      for (int i = 0; i < 100; i++) {
        simulation.put("a");
        simulation.settle();
      }

      assertThat(quick.sink().events()).isEqualTo(100);
      assertThat(slow.sink().events()).isZero();
      assertThat(simulation.hub.usage().behind()).isEqualTo(1);
      simulation.grant(slow, Integer.MAX_VALUE);
      simulation.settle();
      assertThat(slow.sink().events()).isEqualTo(100);
      assertThat(simulation.hub.usage().behind()).isZero();
    }
  }

  @Test
  void publish_ofGroup_isOneBatchForEachWatch() {
    WatchLimits limits =
        new WatchLimits(9, 9, 9, 1000, 1 << 20, 9, 1, 1, 99, Duration.ofSeconds(1));
    try (Simulation simulation = new Simulation(1, limits, 1000)) {
      Stream stream = simulation.openStream();
      simulation.create(stream, WatchSpec.of(A, 0));
      simulation.create(stream, WatchSpec.of(Simulation.single("a"), 0));
      for (int i = 0; i < 50; i++) {
        simulation.put("a", "ab");
      }
      simulation.settle();

      assertThat(stream.sink().sent)
          .containsExactlyInAnyOrder("events 0 @51 x100", "events 1 @51 x50");
    }
  }

  @Test
  void filters_leaveKindsOut() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.create(stream, new WatchSpec(0, A, 0, true, false, false, false, false));
      simulation.create(stream, new WatchSpec(0, A, 0, false, true, false, false, false));
      simulation.put("a");
      simulation.settle();
      simulation.delete("a");
      simulation.settle();

      assertThat(stream.sink().sent).containsExactly("events 0 @2 x1", "events 1 @3 x1");
    }
  }

  @Test
  void requestProgress_withoutWatch_isNotAnswered() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.requestProgress(stream);
      simulation.settle();
      simulation.create(stream, WatchSpec.of(A, 0));
      simulation.put("b");
      simulation.settle();

      assertThat(stream.sink().sent).isEmpty();
    }
  }

  @Test
  void requestProgress_whileBehind_isAnsweredOnceBehindTheEvents() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.create(stream, WatchSpec.of(A, 0));
      simulation.grant(stream, 0);
      simulation.put("a");
      simulation.requestProgress(stream);
      simulation.requestProgress(stream);
      simulation.settle();
      assertThat(stream.sink().sent).isEmpty();

      simulation.grant(stream, Integer.MAX_VALUE);
      simulation.settle();
      assertThat(stream.sink().sent).containsExactly("events 0 @2 x1", "progress -1 @2");
    }
  }

  @Test
  void tick_afterSilence_tellsProgressOfTheWatchesThatAsk() {
    try (Simulation simulation = new Simulation(1)) {
      Stream stream = simulation.openStream();
      simulation.create(stream, WatchSpec.of(A, 0));
      simulation.create(stream, new WatchSpec(0, A, 0, true, true, true, false, true));
      simulation.create(
          stream, new WatchSpec(0, Simulation.prefix("b"), 9, true, true, true, false, true));
      simulation.put("a");
      simulation.settle();
      stream.sink().sent.clear();

      assertThat(simulation.timer.ring())
          .singleElement()
          .satisfies(delay -> assertThat(delay).isBetween(seconds(5.0), seconds(5.5)));
      simulation.settle();
      assertThat(stream.sink().sent).isEmpty();

      simulation.put("c");
      simulation.timer.ring();
      simulation.settle();
      assertThat(stream.sink().sent).containsExactly("progress 1 @3");
    }
  }

  @Test
  void read_thatFails_endsTheStream() {
    try (Simulation simulation = new Simulation(1)) {
      for (int i = 0; i < 20; i++) {
        simulation.put("a");
      }
      simulation.store.breakReads(new Failure.Unreadable("disk"));
      Stream stream = simulation.openStream();
      Stream other = simulation.openStream();
      simulation.create(other, WatchSpec.of(A, 0));
      simulation.create(stream, WatchSpec.of(A, 2));

      assertThat(stream.sink().end()).isEqualTo("Unreadable[message=disk]");
      simulation.put("a");
      simulation.settle();
      assertThat(other.sink().events()).isEqualTo(1);
    }
  }

  @Test
  void sinkThatThrows_losesItsStreamOnly() {
    try (Simulation simulation = new Simulation(1)) {
      WatchSink throwing =
          new ForwardingSink(new CheckedSink(simulation.store, "throwing")) {
            @Override
            public void events(WatchBatch batch) {
              throw new RejectedExecutionException("gone");
            }
          };
      WatchSession session = simulation.hub.open(throwing).orElseThrow();
      session.execute(() -> session.create(WatchSpec.of(A, 0)));
      session.execute(() -> session.create(WatchSpec.of(A, 0)));
      Stream stream = simulation.openStream();
      simulation.create(stream, WatchSpec.of(A, 0));
      simulation.put("a");
      simulation.settle();

      assertThat(stream.sink().sent).containsExactly("events 0 @2 x1");
      assertThat(simulation.hub.usage().watches()).isEqualTo(1);
      assertThat(simulation.hub.usage().streams()).isEqualTo(1);
    }
  }

  private static void cancel(Simulation simulation, Stream stream, long id) {
    stream.session().execute(() -> stream.sink().cancel(stream.session(), id));
    simulation.settle();
  }

  private static WatchSpec withId(long id) {
    return new WatchSpec(id, A, 0, true, true, true, false, false);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }
}
