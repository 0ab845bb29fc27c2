// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Engine;
import dev.brain.engine.KeyRange;
import dev.brain.engine.Space;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The ring and the cache of heads under many interleavings of their threads, chosen by Lincheck.
 */
final class InterleavingsTest {
  private static final int INVOCATIONS = 300;

  /** For scenarios of many steps, which take long and show their faults early. */
  private static final int FEW_INVOCATIONS = 100;

  private static void together(Runnable... tasks) {
    List<Thread> threads = new ArrayList<>();
    AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    for (Runnable task : tasks) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  task.run();
                } catch (AssertionError e) {
                  failure.set(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    AssertionError failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A ring whose publisher checks that it is alone, in order, and behind the watermark. */
  private static final class CheckedRing {
    private final AtomicInteger publishers = new AtomicInteger();
    private final List<Long> published = new ArrayList<>();
    private final PublishRing<Long> ring = new PublishRing<>(2, 0, this::publish);

    private void publish(List<Long> group, long watermark) {
      check(publishers.incrementAndGet() == 1, "two publishers");
      check(ring.watermark() == watermark, "the watermark moves while a group is published");
      check(group.getLast() == watermark, "the watermark is not that of the group");
      published.addAll(group);
      publishers.decrementAndGet();
    }

    void end(long revision, boolean committed) {
      ring.end(revision, committed ? revision : null);
      ring.publish();
    }

    void checkEnd(long watermark, Long... expected) {
      check(ring.watermark() == watermark, "watermark: " + ring.watermark());
      check(published.equals(List.of(expected)), "published: " + published);
    }
  }

  private static final class CountedAnswer implements Answer {
    private final AtomicInteger visible = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public void visible() {
      visible.incrementAndGet();
    }

    @Override
    public void failed(Failure failure) {
      failed.incrementAndGet();
    }

    int given() {
      return visible.get() + failed.get();
    }
  }

  @Test
  void ring_revisionsEndInAnyOrder() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          CheckedRing checked = new CheckedRing();
          CountedAnswer answer = new CountedAnswer();
          together(
              () -> checked.end(1, true),
              () -> checked.end(2, true),
              () -> {
                if (!checked.ring.whenVisible(2, answer)) {
                  check(checked.ring.watermark() == 2, "not kept, but not visible");
                  answer.visible();
                }
              });
          checked.checkEnd(2, 1L, 2L);
          check(answer.visible.get() == 1, "the answer was lost, or given twice");
        });
  }

  @Test
  void ring_voidRevisionsAreNotPublishedAndNotRestedOn() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          CheckedRing checked = new CheckedRing();
          together(() -> checked.end(1, true), () -> checked.end(2, false));
          checked.checkEnd(1, 1L);
          together(() -> checked.end(3, false), () -> checked.end(4, true));
          checked.checkEnd(4, 1L, 4L);
        });
  }

  @Test
  void ring_answerIsGivenOnce_byThePublisherOrByWhoGivesUp() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          CheckedRing checked = new CheckedRing();
          CountedAnswer answer = new CountedAnswer();
          check(checked.ring.whenVisible(1, answer), "kept");
          together(
              () -> checked.end(1, true),
              () ->
                  checked
                      .ring
                      .takeWaiting()
                      .forEach(one -> one.failed(new Failure.OutcomeUnknown())));
          check(answer.given() == 1, "given " + answer.given() + " times");
        });
  }

  /** Revisions 1 and 2 each create a key, and are visible once they are counted. */
  private static final class CountedRing implements PublishRing.Publisher<List<Pending>> {
    private final CountIndex index = new CountIndex(0, new CountBounds(1 << 20, 1, 4, 4, 4, 10));
    private final PublishRing<List<Pending>> ring = new PublishRing<>(4, 0, this);

    @Override
    public void prepare(List<List<Pending>> group) {
      group.forEach(index::apply);
    }

    @Override
    public void publish(List<List<Pending>> group, long watermark) {}

    void create(long revision) {
      ring.end(revision, CountIndexTest.create(revision, "k" + revision));
      ring.publish();
    }

    void learn(long revision, long count) {
      CountIndex.Counted all = new CountIndex.Counted(new byte[0], count);
      check(index.learn(revision, KeyRange.all(), List.of(all)), "not learned");
    }

    /** The count at the watermark is the watermark, if it is known. */
    void read() {
      long watermark = ring.watermark();
      CountIndex.Sum sum = index.sum(KeyRange.all(), watermark);
      check(
          sum.gap() != null || sum.count() == watermark,
          "at revision " + watermark + " are " + sum.count());
    }
  }

  @Test
  void counts_areThereBeforeTheWatermark() {
    Lincheck.runConcurrentTest(
        FEW_INVOCATIONS,
        () -> {
          CountedRing counted = new CountedRing();
          counted.learn(0, 0);
          together(() -> counted.create(1), () -> counted.create(2), counted::read);
          check(counted.index.sum(KeyRange.all(), 2).gap() == null, "forgotten");
          counted.read();
        });
  }

  @Test
  void counts_learnedMeanwhile() {
    Lincheck.runConcurrentTest(
        FEW_INVOCATIONS,
        () -> {
          CountedRing counted = new CountedRing();
          counted.create(1);
          together(
              () -> counted.create(2),
              () -> {
                counted.learn(1, 1);
                counted.read();
              },
              counted::read);
          check(counted.index.sum(KeyRange.all(), 2).gap() == null, "not learned");
          counted.read();
        });
  }

  private static final Key KEY = StoreFixture.key("a");
  private static final Row OLD = Row.live(2, 2, 1, 0, new byte[0]);
  private static final Row NEW = Row.live(2, 3, 2, 0, new byte[0]);

  /** An engine that holds one row. */
  private static final class OneRow extends UnusedEngine {
    private volatile Row row = OLD;

    @Override
    public byte[] get(Space space, byte[] key) {
      return row.bytes();
    }
  }

  private static long modRevision(HeadCache heads, Key key) {
    Head head = heads.pin(key);
    try {
      heads.load(head);
      @Nullable Row row = head.row();
      return Objects.requireNonNull(row).modRevision();
    } finally {
      heads.unpin(head);
    }
  }

  @Test
  void heads_evictedAllTheTime_neverShowAnOldVersionAgain() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          OneRow engine = new OneRow();
          HeadCache heads = new HeadCache(engine, 0);
          together(
              () -> {
                Head head = heads.pin(KEY);
                heads.load(head);
                heads.assign(head, NEW);
                engine.row = NEW;
                heads.unpin(head);
                check(modRevision(heads, KEY) == 3, "an old version after the new one");
              },
              () -> {
                long first = modRevision(heads, KEY);
                check(modRevision(heads, KEY) >= first, "back to an old version");
              });
          check(modRevision(heads, KEY) == 3, "the new version was lost");
          check(heads.bytes() >= 0, "bytes: " + heads.bytes());
        });
  }

  @Test
  void heads_withoutRoom_keepNothing() {
    Engine engine = new MemoryStorage().open();
    HeadCache heads = new HeadCache(engine, 0);
    for (int i = 0; i < 100; i++) {
      Head head = heads.pin(StoreFixture.key("k" + i));
      heads.load(head);
      heads.unpin(head);
    }
    for (int i = 0; i < 10; i++) {
      heads.unpin(heads.pin(KEY));
    }
    assertThat(heads.bytes()).as("the last ones, which have their second chance").isLessThan(1000);
  }
}
