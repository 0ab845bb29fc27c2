// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.brain.engine.KeyRange;
import dev.brain.server.event.EventHistory;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that publish, register, cancel and read slowly at the same time. */
final class WatchHubStressTest {
  private static final int GROUPS = 8_000;
  private static final int STREAMS = 8;
  private static final int REQUESTS = 6_000;
  private static final List<Key> KEYS =
      IntStream.range(0, 12).mapToObj(i -> ModelStore.key("abc".charAt(i % 3) + "/" + i)).toList();

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final ModelStore store = new ModelStore();
  private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void watches_underConcurrentRequests_areToldEverythingOnce() throws Exception {
    WatchLimits limits =
        new WatchLimits(
            STREAMS, 40, 1000, 20, 2_000, 16, 2, 2, 1 << 20, WatchLimits.LEAST_PROGRESS_INTERVAL);
    WatchHub hub =
        new WatchHub(
            limits,
            store,
            new EventHistory(store.revision(), 1 << 20, 100),
            new WatchHub.Executors(
                this::checked,
                threads,
                (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS)),
            new SplittableRandom(seed));
    List<Simulation.Stream> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      CheckedSink sink = new CheckedSink(store, "seed " + seed + ", stream " + i);
      streams.add(new Simulation.Stream(hub.open(sink).orElseThrow(), sink));
    }

    List<Future<?>> clients = new ArrayList<>();
    clients.add(threads.submit(() -> publish(hub)));
    for (int client = 0; client < 3; client++) {
      Random random = new Random(seed + client);
      clients.add(
          threads.submit(
              () ->
                  IntStream.range(0, REQUESTS)
                      .forEach(i -> request(streams.get(random.nextInt(STREAMS)), random))));
    }
    for (Future<?> client : clients) {
      client.get(2, TimeUnit.MINUTES);
    }

    for (Simulation.Stream stream : streams) {
      stream.sink().grant(Integer.MAX_VALUE);
      stream.session().execute(stream.session()::ready);
    }
    long events = 0;
    for (Simulation.Stream stream : streams) {
      await()
          .atMost(Duration.ofMinutes(1))
          .failFast(() -> assertThat(fault.get()).isNull())
          .until(() -> isComplete(stream));
      events += stream.sink().events();
    }
    assertThat(hub.usage().behind()).isZero();
    // How many depends on who is faster; so many mean that watches lived while others were written.
    assertThat(events).isGreaterThan(GROUPS / 10);
    hub.close();
    assertThat(streams).allSatisfy(stream -> assertThat(stream.sink().end()).isEqualTo("stopped"));
  }

  private static boolean isComplete(Simulation.Stream stream) throws Exception {
    CompletableFuture<Boolean> complete = new CompletableFuture<>();
    stream.session().execute(() -> complete.complete(stream.sink().isComplete()));
    return complete.get(1, TimeUnit.MINUTES);
  }

  private void publish(WatchHub hub) {
    Random random = new Random(seed);
    for (int group = 0; group < GROUPS; group++) {
      List<Revision> revisions = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        Revision revision = store.commit(random, KEYS);
        if (revision != null) {
          revisions.add(revision);
        }
      }
      if (!revisions.isEmpty()) {
        hub.published(revisions);
      }
    }
  }

  private void request(Simulation.Stream stream, Random random) {
    WatchSession session = stream.session();
    CheckedSink sink = stream.sink();
    byte[] key = KEYS.get(random.nextInt(KEYS.size())).bytes();
    KeyRange range = random.nextBoolean() ? KeyRange.single(key) : KeyRange.from(key);
    int choice = random.nextInt(100);
    int ago = random.nextInt(400) - 5;
    if (choice < 20) {
      long start = ago % 3 == 0 ? 0 : Math.max(1, store.revision() - ago);
      boolean progress = random.nextBoolean();
      session.execute(
          () ->
              sink.create(
                  session, new WatchSpec(0, range, start, true, true, true, false, progress)));
    } else if (choice < 38) {
      session.execute(
          () -> sink.ids().stream().findAny().ifPresent(id -> sink.cancel(session, id)));
    } else if (choice < 70) {
      sink.grant(random.nextInt(60));
      session.execute(session::ready);
    } else if (choice < 95) {
      session.execute(session::requestProgress);
    } else if (choice == 95) {
      store.compact(Math.max(0, store.revision() - 150));
    }
  }

  private void checked(Runnable task) {
    threads.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            fault.compareAndSet(null, e);
            throw e;
          }
        });
  }
}
