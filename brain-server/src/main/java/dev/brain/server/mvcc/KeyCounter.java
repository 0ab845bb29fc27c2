// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Key;
import dev.brain.server.mvcc.CountIndex.Counted;
import dev.brain.server.mvcc.CountIndex.Gap;
import dev.brain.server.mvcc.CountIndex.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts the live keys of a range: what is known from the index, the rest by reading. Thread-safe.
 */
final class KeyCounter {
  private static final byte[] NONE = {};

  private final CountIndex index;

  KeyCounter(CountIndex index) {
    this.index = index;
  }

  /** How many keys of a range exist at the revision of a view. Blocks while the engine reads. */
  long count(RevisionView view, KeyRange range) {
    if (range.isSingle()) {
      return view.live(Key.of(range.start())) == null ? 0 : 1;
    }
    long count = 0;
    KeyRange rest = range;
    while (!rest.isEmpty()) {
      Sum sum = index.sum(rest, view.revision());
      count += sum.count();
      Gap gap = sum.gap();
      if (gap == null) {
        return count;
      }
      count += read(view, gap);
      byte[] next = gap.range().end();
      if (next == null) {
        return count;
      }
      rest = new KeyRange(next, range.end());
    }
    return count;
  }

  private long read(RevisionView view, Gap gap) {
    if (gap.partitionKeys() == 0) {
      return view.count(gap.range());
    }
    Learner learner = new Learner(view.revision(), gap);
    long count = view.count(gap.range(), learner);
    learner.end();
    return count;
  }

  /** Cuts what is read into partitions, and teaches them to the index. For one thread. */
  private final class Learner implements Consumer<Supplier<byte[]>> {
    private final long revision;
    private final Gap gap;
    private final int atATime = index.partitionsAtATime();
    private List<Counted> counted = new ArrayList<>();
    private byte[] taughtThrough;
    private byte[] start;
    private byte[] last = NONE;
    private int keys;
    private boolean wanted = true;

    Learner(long revision, Gap gap) {
      this.revision = revision;
      this.gap = gap;
      this.start = gap.range().start();
      this.taughtThrough = start;
    }

    @Override
    public void accept(Supplier<byte[]> key) {
      if (!wanted) {
        return;
      }
      if (keys == gap.partitionKeys()) {
        cut(border(last, key.get()));
      }
      keys++;
      if (keys == gap.partitionKeys()) {
        last = key.get();
      }
    }

    private void cut(byte[] border) {
      counted.add(new Counted(start, keys));
      start = border;
      keys = 0;
      if (counted.size() == atATime) {
        wanted = index.learn(revision, new KeyRange(taughtThrough, border), counted);
        counted = new ArrayList<>();
        taughtThrough = border;
      }
    }

    void end() {
      if (wanted) {
        counted.add(new Counted(start, keys));
        index.learn(revision, new KeyRange(taughtThrough, gap.range().end()), counted);
      }
    }
  }

  /** The shortest key that is above one key and not above the next. */
  private static byte[] border(byte[] key, byte[] next) {
    return Arrays.copyOf(next, Arrays.mismatch(key, next) + 1);
  }
}
