// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.KeyRange;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Op;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Txn;
import dev.brain.server.kv.TxnResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Counts are exact at every revision, with bounds so tight that all that can happen to a partition
 * does. {@code -Dbrain.seed=} repeats a run.
 */
final class CountRandomTest {
  private static final int KEYS = 300;

  private static long seed() {
    long seed = Long.getLong("brain.seed", new Random().nextLong());
    System.out.println("brain.seed=" + seed);
    return seed;
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static CountBounds bounds(Random random) {
    return new CountBounds(
        any(random, List.of(0L, 3_000L, 10_000L, 1L << 20)),
        1 + random.nextInt(10),
        2 + random.nextInt(6),
        4 + random.nextInt(4),
        2 + random.nextInt(8),
        any(random, List.of(0, 5, 100, 10_000)));
  }

  private static StoreFixture fixture(CountBounds bounds) {
    return new StoreFixture(
        new MemoryStorage().open(), new StoreConfig(1 << 20, 10_000, 64L << 20, 1 << 20, bounds));
  }

  private static Key key(Random random) {
    return StoreFixture.key("k" + random.nextInt(KEYS));
  }

  private static KeyRange range(Random random) {
    Key start = key(random);
    Key end = key(random);
    return switch (random.nextInt(5)) {
      case 0 -> KeyRange.all();
      case 1 -> KeyRange.from(start.bytes());
      case 2 -> KeyRange.prefix(start.bytes());
      default ->
          start.compareTo(end) < 0
              ? new KeyRange(start.bytes(), end.bytes())
              : new KeyRange(end.bytes(), start.bytes());
    };
  }

  private static Op write(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> new Op.DeleteRange(range(random), false);
      case 1, 2, 3, 4 -> new Op.DeleteRange(KeyRange.single(key(random).bytes()), false);
      default -> Op.Put.of(key(random), new byte[0], 0);
    };
  }

  @Test
  void randomRequests_oneAfterTheOther() throws FailureException {
    Random random = new Random(seed());
    for (int run = 0; run < 60; run++) {
      try (StoreFixture fixture = fixture(bounds(random))) {
        run(fixture, random);
      }
    }
  }

  private static void run(StoreFixture fixture, Random random) throws FailureException {
    CountModel model = new CountModel();
    long known = 1;
    int deleting = random.nextInt(4);
    for (int step = 0; step < 400; step++) {
      if (random.nextInt(100) == 0) {
        long compacted = Math.max(1, fixture.store.compactRevision());
        if (known > compacted) {
          fixture.compact(random.nextLong(compacted, known) + 1);
        }
      } else if (random.nextInt(3) > 0) {
        Op op =
            random.nextInt(4) < deleting ? write(random) : Op.Put.of(key(random), new byte[0], 0);
        TxnResult result = fixture.txn(Txn.of(op));
        if (result.revision() > known) {
          known = result.revision();
          model.add(op, known);
        }
      } else {
        checkCount(fixture, model, known, random);
      }
    }
  }

  private static void checkCount(StoreFixture fixture, CountModel model, long known, Random random)
      throws FailureException {
    KeyRange range = range(random);
    long oldest = Math.max(1, fixture.store.compactRevision());
    long revision = random.nextBoolean() ? known : random.nextLong(oldest, known + 1);
    RangeQuery query =
        random.nextBoolean()
            ? StoreFixture.count(range, revision)
            : RangeQuery.newest(range).atRevision(revision).withLimit(1 + random.nextInt(20));
    RangeResult result = fixture.store.range(query);
    assertThat(result.count()).isEqualTo(model.count(range, revision));
  }

  /** A count that was answered. */
  private record Answered(KeyRange range, long revision, long count) {}

  @Test
  void randomRequests_atOnce() throws Exception {
    long seed = seed();
    for (int run = 0; run < 6; run++) {
      Random random = new Random(seed + run);
      try (StoreFixture fixture = fixture(bounds(random));
          ExecutorService threads = Executors.newCachedThreadPool()) {
        AtomicBoolean done = new AtomicBoolean();
        List<Future<List<Answered>>> readers = new ArrayList<>();
        for (int reader = 0; reader < 3; reader++) {
          Random own = new Random(random.nextLong());
          readers.add(threads.submit(() -> countUntil(done, fixture, own)));
        }
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
          Random own = new Random(random.nextLong());
          writers.add(threads.submit(() -> writeMany(fixture, own)));
        }
        for (Future<?> writer : writers) {
          writer.get();
        }
        done.set(true);
        List<Answered> answers = new ArrayList<>();
        for (Future<List<Answered>> reader : readers) {
          answers.addAll(reader.get());
        }
        check(fixture, answers);
      }
    }
  }

  private static Void writeMany(StoreFixture fixture, Random random) throws FailureException {
    for (int step = 0; step < 1_000; step++) {
      fixture.txn(
          Txn.of(
              random.nextInt(3) == 0
                  ? new Op.DeleteRange(KeyRange.single(key(random).bytes()), false)
                  : Op.Put.of(key(random), new byte[0], 0)));
    }
    return null;
  }

  private static List<Answered> countUntil(AtomicBoolean done, StoreFixture fixture, Random random)
      throws FailureException {
    List<Answered> answers = new ArrayList<>();
    while (!done.get()) {
      KeyRange range = range(random);
      long newest = fixture.store.revision();
      long asked = random.nextBoolean() ? 0 : Math.max(1, newest - random.nextInt(50));
      RangeResult result = fixture.store.range(StoreFixture.count(range, asked));
      long revision = asked == 0 ? result.revision() : asked;
      answers.add(new Answered(range, revision, result.count()));
    }
    return answers;
  }

  private static void check(StoreFixture fixture, List<Answered> answers) {
    fixture.awaitPublished(fixture.store.revision());
    CountModel model = new CountModel();
    fixture.published.forEach(model::add);
    assertThat(answers).isNotEmpty();
    int step = Math.max(1, answers.size() / 3_000);
    for (int i = 0; i < answers.size(); i += step) {
      Answered answer = answers.get(i);
      assertThat(answer.count())
          .as("at revision %d", answer.revision())
          .isEqualTo(model.count(answer.range(), answer.revision()));
    }
  }
}
