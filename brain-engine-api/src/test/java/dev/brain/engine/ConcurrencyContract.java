// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import static dev.brain.engine.Rows.all;
import static dev.brain.engine.Rows.bytes;
import static dev.brain.engine.Rows.get;
import static dev.brain.engine.Rows.put;
import static dev.brain.engine.Rows.scan;
import static dev.brain.engine.Rows.text;
import static dev.brain.engine.Rows.textOrNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.engine.CommitOutcome.Committed;
import dev.brain.engine.CommitOutcome.ConditionFailed;
import dev.brain.engine.CommitOutcome.Unknown;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Commits of many threads take effect one after another; readers see whole ones. */
interface ConcurrencyContract extends ContractFixture {
  int THREADS = 4;
  int PATIENCE_SECONDS = 60;

  @Test
  default void commit_concurrentConditionalIncrements_loseNone() throws Exception {
    int increments = operations() / 20;
    engine().commit(put(Space.META, "counter", "0"));

    inParallel(
        THREADS,
        thread -> {
          for (int done = 0; done < increments && !stopped(); ) {
            String now = get(engine(), Space.META, "counter");
            byte[] next = bytes("" + (Integer.parseInt(String.valueOf(now)) + 1));
            WriteBatch batch =
                new WriteBatch(Durability.BUFFERED)
                    .require(
                        new Condition.Holds(
                            Space.META, bytes("counter"), bytes(String.valueOf(now))))
                    .put(Space.META, bytes("counter"), next)
                    .put(
                        Space.LOG,
                        bytes("%05d".formatted(Integer.parseInt(text(next)))),
                        bytes(""));
            switch (engine().commit(batch)) {
              case Committed _ -> done++;
              case ConditionFailed failed ->
                  assertThat(textOrNull(failed.current())).isNotNull().isNotEqualTo(now);
              case Unknown unknown -> fail("no fault was given", unknown.cause());
            }
          }
        });

    assertThat(get(engine(), Space.META, "counter")).isEqualTo("" + THREADS * increments);
    assertThat(all(engine(), Space.LOG)).hasSize(THREADS * increments);
  }

  @Test
  default void commit_concurrentCreatesOfOneKey_oneWins() throws Exception {
    int keys = operations() / 20;
    Set<String> winners = ConcurrentHashMap.newKeySet();

    inParallel(
        THREADS,
        thread -> {
          for (int key = 0; key < keys; key++) {
            WriteBatch batch =
                new WriteBatch(Durability.BUFFERED)
                    .require(new Condition.Absent(Space.META, bytes("key" + key)))
                    .put(Space.META, bytes("key" + key), bytes("" + thread));
            if (engine().commit(batch) instanceof Committed) {
              assertThat(winners.add("key" + key + "=" + thread)).isTrue();
            }
          }
        });

    assertThat(winners)
        .hasSize(keys)
        .containsExactlyInAnyOrderElementsOf(all(engine(), Space.META));
  }

  /** Write skew: two commits each require what the other one deletes; at most one may succeed. */
  @Test
  default void commit_concurrentCommitsThatDeleteEachOthersCondition_oneWins() throws Exception {
    int rounds = operations() / 20;
    WriteBatch fill = new WriteBatch();
    for (int round = 0; round < rounds; round++) {
      fill.put(Space.META, bytes("a" + round), bytes("1"));
      fill.put(Space.META, bytes("b" + round), bytes("1"));
    }
    engine().commit(fill);

    inParallel(
        2,
        thread -> {
          for (int round = 0; round < rounds; round++) {
            byte[] mine = bytes((thread == 0 ? "a" : "b") + round);
            byte[] other = bytes((thread == 0 ? "b" : "a") + round);
            engine()
                .commit(
                    new WriteBatch(Durability.BUFFERED)
                        .require(new Condition.Exists(Space.META, mine))
                        .delete(Space.META, other));
          }
        });

    assertThat(all(engine(), Space.META)).hasSize(rounds);
  }

  /** Each commit writes its number to all spaces, to one key by a put and to another by a range. */
  @Test
  default void snapshot_whileOthersCommit_showsWholeBatchesAndNeverGoesBack() throws Exception {
    int commits = 300;
    engine().commit(numbered(0));
    AtomicInteger returned = new AtomicInteger();

    inParallel(
        THREADS,
        thread -> {
          if (thread == 0) {
            for (int commit = 1; commit <= commits; commit++) {
              assertThat(engine().commit(numbered(commit))).isInstanceOf(Committed.class);
              returned.set(commit);
            }
            return;
          }
          int last = 0;
          while (last < commits && !stopped()) {
            int before = returned.get();
            int floor = Integer.parseInt(String.valueOf(get(engine(), Space.META, "n")));
            try (Snapshot snapshot = engine().snapshot()) {
              String number = textOrNull(snapshot.get(Space.META, bytes("n")));
              for (Space space : Space.values()) {
                assertThat(scan(snapshot, space, KeyRange.all(), ScanOptions.FORWARD))
                    .containsExactly("n=" + number, "r" + number + "=");
              }
              assertThat(floor).isGreaterThanOrEqualTo(last).isGreaterThanOrEqualTo(before);
              last = Integer.parseInt(String.valueOf(number));
              assertThat(last).isGreaterThanOrEqualTo(floor);
            }
          }
        });
  }

  @Test
  default void snapshot_usedByManyThreads_answersAll() throws Exception {
    WriteBatch batch = new WriteBatch();
    for (int row = 0; row < 200; row++) {
      batch.put(Space.HEAD, bytes("%03d".formatted(row)), bytes("v" + row));
    }
    engine().commit(batch);

    try (Snapshot snapshot = engine().snapshot()) {
      inParallel(
          THREADS,
          thread -> {
            for (int round = 0; round < 20; round++) {
              assertThat(scan(snapshot, Space.HEAD, KeyRange.all(), ScanOptions.FORWARD))
                  .hasSize(200)
                  .endsWith("199=v199");
              assertThat(textOrNull(snapshot.get(Space.HEAD, bytes("0" + (10 + round)))))
                  .isEqualTo("v" + (10 + round));
              engine().commit(put(Space.HEAD, "new" + thread, "" + round));
            }
          });
    }
  }

  @Test
  default void reclaim_whileOthersReadAndCommit_disturbsNobody() throws Exception {
    int commits = 100;
    CountDownLatch writing = new CountDownLatch(THREADS);

    inParallel(
        THREADS + 1,
        thread -> {
          if (thread == THREADS) {
            assertThat(writing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            engine().reclaim();
            engine().usage();
            engine().splits(Space.HEAD, KeyRange.all(), 4);
            return;
          }
          for (int commit = 0; commit < commits; commit++) {
            WriteBatch batch =
                new WriteBatch(Durability.BUFFERED)
                    .deleteRange(Space.HEAD, KeyRange.prefix(bytes("old" + thread)))
                    .put(Space.HEAD, bytes("old" + thread + "-" + commit), bytes("1"))
                    .put(Space.HEAD, bytes("new" + thread + "-" + commit), bytes("1"));
            assertThat(engine().commit(batch)).isInstanceOf(Committed.class);
            try (Snapshot snapshot = engine().snapshot()) {
              KeyRange mine = KeyRange.prefix(bytes("new" + thread));
              assertThat(scan(snapshot, Space.HEAD, mine, ScanOptions.KEYS)).hasSize(commit + 1);
            }
            writing.countDown();
          }
        });

    assertThat(all(engine(), Space.HEAD)).hasSize(THREADS * (commits + 1));
  }

  /** A call at the time of the close succeeds or says Closed; a commit that says so did nothing. */
  @Test
  default void close_duringCalls_waitsForThemOrRefusesThem() throws Exception {
    assumeTrue(survivesReopen(), "this engine keeps nothing when it is closed");
    Engine closing = engine();
    Set<String> committed = ConcurrentHashMap.newKeySet();
    CountDownLatch running = new CountDownLatch(THREADS * 5);

    inParallel(
        THREADS + 1,
        thread -> {
          if (thread == THREADS) {
            assertThat(running.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            closing.close();
            return;
          }
          try {
            for (int row = 0; !stopped(); row++) {
              String key = thread + "-" + row;
              WriteBatch batch = new WriteBatch(Durability.BUFFERED);
              assertThat(closing.commit(batch.put(Space.HEAD, bytes(key), bytes(""))))
                  .isInstanceOf(Committed.class);
              committed.add(key + "=");
              if (thread % 2 == 0) {
                try (Snapshot snapshot = closing.snapshot()) {
                  KeyRange mine = KeyRange.prefix(bytes(thread + "-"));
                  assertThat(scan(snapshot, Space.HEAD, mine, ScanOptions.KEYS)).hasSize(row + 1);
                }
              }
              running.countDown();
            }
          } catch (EngineException.Closed _) {
            running.countDown(); // the end that this test waits for
          }
        });

    reopen();
    assertThat(all(engine(), Space.HEAD)).containsExactlyInAnyOrderElementsOf(committed);
  }

  private static WriteBatch numbered(int number) {
    WriteBatch batch = new WriteBatch(Durability.BUFFERED);
    for (Space space : Space.values()) {
      batch
          .deleteRange(space, KeyRange.prefix(bytes("r")))
          .put(space, bytes("n"), bytes("" + number))
          .put(space, bytes("r" + number), bytes(""));
    }
    return batch;
  }

  /** What one of several threads does. Its loops end when {@link #stopped}. */
  @FunctionalInterface
  interface Part {
    void run(int thread) throws Exception;
  }

  /** Whether another part failed, so that nothing is worth waiting for any more. */
  private static boolean stopped() {
    return Thread.currentThread().isInterrupted();
  }

  private static void inParallel(int threads, Part part) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CompletionService<Boolean> ends = new ExecutorCompletionService<>(executor);
    CyclicBarrier together = new CyclicBarrier(threads);
    try {
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        ends.submit(
            () -> {
              together.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              part.run(number);
              return true;
            });
      }
      for (int ended = 0; ended < threads; ended++) {
        Future<Boolean> end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(end).as("a thread that ends").isNotNull();
        assertThat(end.get()).isTrue();
      }
    } finally {
      executor.shutdownNow();
      assertThat(executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("all threads end when they are stopped")
          .isTrue();
    }
  }
}
