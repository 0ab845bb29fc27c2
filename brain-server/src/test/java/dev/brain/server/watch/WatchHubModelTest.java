// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Key;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random clients on streams of random speed, with every task, read and alarm at a random moment.
 * Whatever is sent is compared with the model when it is sent; see {@link CheckedSink}.
 */
final class WatchHubModelTest {
  private static final int RUNS = 150;
  private static final int STEPS = 3_000;
  private static final List<Key> KEYS =
      IntStream.range(0, 12).mapToObj(i -> ModelStore.key("abc".charAt(i % 3) + "/" + i)).toList();

  private final Random seeds = new Random();

  /** What happened in all runs, to see that the test tests. */
  private long events;

  private long compactions;
  private long progress;

  @Test
  void watches_atRandom_areToldWhatTheModelSays() {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(events).isGreaterThan(RUNS * 100L);
    assertThat(compactions).isGreaterThan(RUNS);
    assertThat(progress).isGreaterThan(RUNS);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    WatchLimits limits =
        new WatchLimits(
            1000,
            1 + random.nextInt(12),
            1000,
            1 + random.nextInt(4),
            1 + random.nextInt(300),
            1 + random.nextInt(6),
            1 + random.nextInt(2),
            1 + random.nextInt(2),
            random.nextBoolean() ? 1 : 1 << 20,
            Duration.ofSeconds(1));
    try (Simulation simulation = new Simulation(seed, limits, 1 + random.nextInt(30))) {
      IntStream.range(0, 1 + random.nextInt(4)).forEach(i -> simulation.openStream());
      int publishing = random.nextInt(60);
      for (int step = 0; step < STEPS; step++) {
        step(simulation, random, publishing);
      }
      for (Simulation.Stream stream : simulation.streams) {
        simulation.grant(stream, Integer.MAX_VALUE);
      }
      simulation.settle();
      for (Simulation.Stream stream : simulation.streams) {
        assertThat(stream.sink().end()).isNull();
        stream.sink().assertComplete();
        count(stream.sink());
      }
    }
  }

  private void count(CheckedSink sink) {
    events += sink.events();
    compactions += sink.sent.stream().filter(sent -> sent.startsWith("compacted")).count();
    progress += sink.sent.stream().filter(sent -> sent.startsWith("progress")).count();
  }

  private static void step(Simulation simulation, Random random, int publishing) {
    Simulation.Stream stream = simulation.streams.get(random.nextInt(simulation.streams.size()));
    CheckedSink sink = stream.sink();
    WatchSession session = stream.session();
    int choice = random.nextInt(200);
    if (choice < publishing) {
      simulation.publishGroup(random, KEYS);
    } else if (choice < 130) {
      simulation.loops.runOne();
    } else if (choice < 150) {
      simulation.readers.runOne();
    } else if (choice < 160) {
      session.execute(() -> sink.create(session, spec(random, simulation.store.revision())));
    } else if (choice < 165) {
      session.execute(
          () -> {
            List<Long> ids = sink.ids();
            sink.cancel(session, ids.isEmpty() ? 77 : ids.get(random.nextInt(ids.size())));
          });
    } else if (choice < 180) {
      simulation.grant(stream, random.nextInt(4));
    } else if (choice < 190) {
      simulation.requestProgress(stream);
    } else if (choice < 191) {
      long compacted = simulation.store.compactRevision();
      long revision = simulation.store.revision();
      simulation.store.compact(compacted + random.nextLong(revision - compacted + 1));
    } else if (choice < 193) {
      simulation.timer.ring();
    }
  }

  private static WatchSpec spec(Random random, long revision) {
    byte[] key = KEYS.get(random.nextInt(KEYS.size())).bytes();
    KeyRange range =
        switch (random.nextInt(4)) {
          case 0 -> KeyRange.all();
          case 1 -> KeyRange.single(key);
          case 2 -> KeyRange.from(key);
          default -> KeyRange.prefix(new byte[] {key[0], '/'});
        };
    long start =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> revision + 1 + random.nextInt(5);
          default -> 1 + random.nextLong(revision + 1);
        };
    return new WatchSpec(
        random.nextInt(3) == 0 ? random.nextInt(5) : 0,
        range,
        start,
        random.nextInt(8) != 0,
        random.nextInt(8) != 0,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }
}
