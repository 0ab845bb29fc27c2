// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EventHistory;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A hub on one thread: every task, read and alarm runs when the test says so. */
final class Simulation implements AutoCloseable {
  /** A stream of the hub. */
  record Stream(WatchSession session, CheckedSink sink) {}

  static final WatchLimits SMALL =
      new WatchLimits(1000, 50, 1000, 3, 200, 4, 1, 1, 1 << 20, Duration.ofSeconds(5));

  /** Enough for anything that comes to an end. */
  private static final int MANY = 1_000_000;

  final ModelStore store = new ModelStore();
  final ManualExecutor loops = new ManualExecutor();
  final ManualExecutor readers = new ManualExecutor();
  final ManualExecutor timer = new ManualExecutor();
  final WatchHub hub;
  final List<Stream> streams = new ArrayList<>();

  Simulation(long seed) {
    this(seed, SMALL, 8);
  }

  Simulation(long seed, WatchLimits limits, int historyRevisions) {
    hub =
        new WatchHub(
            limits,
            store,
            new EventHistory(store.revision(), 1 << 30, historyRevisions),
            new WatchHub.Executors(loops, readers, timer),
            new SplittableRandom(seed));
  }

  Stream openStream() {
    CheckedSink sink = new CheckedSink(store, "stream " + streams.size());
    Stream stream = new Stream(hub.open(sink).orElseThrow(), sink);
    streams.add(stream);
    return stream;
  }

  /** Publishes a put of each key in one revision. */
  long put(String... keys) {
    Revision revision = store.put(List.of(keys).stream().map(ModelStore::key).toArray(Key[]::new));
    hub.published(List.of(revision));
    return revision.number();
  }

  long delete(String key) {
    Revision revision = store.deleted(ModelStore.key(key));
    hub.published(List.of(revision));
    return revision.number();
  }

  /** Creates a watch and runs until the outcome is known. */
  CreateOutcome create(Stream stream, WatchSpec spec) {
    List<CreateOutcome> outcome = new ArrayList<>();
    stream.session().execute(() -> outcome.add(stream.sink().create(stream.session(), spec)));
    settle();
    assertThat(outcome).hasSize(1);
    return outcome.getFirst();
  }

  /** Runs everything that can run without more being published or granted. */
  void settle() {
    for (int i = 0; i < MANY; i++) {
      if (!loops.runOne() && !readers.runOne()) {
        return;
      }
    }
    throw new AssertionError("there is always more to do");
  }

  void grant(Stream stream, int messages) {
    stream.sink().grant(messages);
    stream.session().execute(stream.session()::ready);
  }

  void requestProgress(Stream stream) {
    stream.session().execute(stream.session()::requestProgress);
  }

  /** One group of revisions, some of them void. */
  void publishGroup(Random random, List<Key> keys) {
    List<Revision> group = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      @Nullable Revision revision = store.commit(random, keys);
      if (revision != null) {
        group.add(revision);
      }
    }
    if (!group.isEmpty()) {
      hub.published(group);
    }
  }

  static KeyRange prefix(String prefix) {
    return KeyRange.prefix(prefix.getBytes(StandardCharsets.UTF_8));
  }

  static KeyRange single(String key) {
    return KeyRange.single(key.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    streams.forEach(stream -> stream.session().execute(stream.session()::close));
    settle();
    assertThat(hub.usage().watches()).isZero();
    assertThat(hub.usage().streams()).isZero();
    assertThat(hub.usage().behind()).isZero();
    assertThat(hub.usage().unsentBytes()).isZero();
  }
}
