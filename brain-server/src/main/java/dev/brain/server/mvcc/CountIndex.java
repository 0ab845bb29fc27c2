// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Revision;
import dev.brain.server.mvcc.RecentChanges.Recent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * How many keys live in the parts of the key space, at the newest revision and some way back.
 *
 * <p>Thread-safe. Nothing in it takes longer than some thousand comparisons, so the publisher may
 * wait for a reader.
 */
final class CountIndex {
  /*
   * The key space is cut into partitions of some dozen keys, and these are collected in blocks, so that a
   * large range is added up in few steps. At the start there is one partition and nothing is known of it.
   * Who has to read keys in order to count them tells what he found (learn); from then on the publisher
   * keeps it up to date (apply). What is not known is never guessed: sum() leaves a gap there, and the
   * reader counts it.
   *
   * Invariants:
   *  1. If a partition knows its count at a revision, that is the number of keys in it that are live there.
   *  2. Changes are applied in the order of revisions, and before the watermark moves to them. So whoever
   *     has read the watermark finds every change up to it.
   *  3. A count is learned at the revision that was read, with all changes above that revision, which are
   *     taken from the recent ones. If these do not reach back as far, nothing is learned.
   *  4. Only what is not known, or has become too large, is replaced by what was learned. So readers
   *     that read the same at the same time do not undo each other's work.
   *  5. A border that is put into a partition leaves two of which nothing is known.
   *
   * Memory: at the bound, block after block is coarsened, by joining its partitions in pairs, and with
   * each round the partitions that are learned are twice as large. When much is free they become smaller.
   */

  /**
   * What is known of a range.
   *
   * @param count the keys before the gap
   * @param gap the first part of the range where nothing is known, to be counted by reading; behind
   *     it may be more; null if there is none
   */
  record Sum(long count, @Nullable Gap gap) {}

  /**
   * A range whose keys have to be counted; may be empty.
   *
   * @param partitionKeys how many keys to count together, for {@link #learn}; 0 if it does not want
   *     to know
   */
  record Gap(KeyRange range, int partitionKeys) {}

  /** A part of the key space, up to the next one, and the keys that were counted in it. */
  record Counted(byte[] start, long count) {}

  /** The part of the memory that recent changes may take. */
  private static final int RECENT_PART = 8;

  private static final byte[] FIRST_KEY = {};

  private final CountBounds bounds;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<CountBlock> blocks = new ArrayList<>();
  private final RecentChanges recent;
  private final long maxBytes;
  private long bytes;

  /** The next block to coarsen. */
  private int hand;

  /** How many keys to learn together; a partition of more than twice as many is too large. */
  private int partitionKeys;

  /** Knows nothing, at a watermark. */
  CountIndex(long watermark, CountBounds bounds) {
    this.bounds = bounds;
    this.partitionKeys = bounds.partitionKeys();
    long recentBytes = bounds.maxBytes() / RECENT_PART;
    this.maxBytes = bounds.maxBytes() - recentBytes;
    this.recent = new RecentChanges(watermark, bounds.recentChanges(), recentBytes);
    forget();
  }

  private void forget() {
    CountBlock all = new CountBlock(bounds, List.of(new CountPartition(FIRST_KEY, null)));
    blocks.clear();
    blocks.add(all);
    bytes = all.bytes();
    hand = 0;
  }

  /** Forgets everything, because changes up to a watermark were missed. For the publisher. */
  void restart(long watermark) {
    Lock write = lock.writeLock();
    write.lock();
    try {
      recent.restart(watermark);
      forget();
    } finally {
      write.unlock();
    }
  }

  /** How many partitions are to be learned at a time. */
  int partitionsAtATime() {
    return Math.max(1, bounds.blockPartitions() / 4);
  }

  /** About the memory that this takes. */
  long bytes() {
    Lock read = lock.readLock();
    read.lock();
    try {
      return bytes;
    } finally {
      read.unlock();
    }
  }

  /** The next revisions, before they become visible. For the publisher. */
  void apply(List<Pending> group) {
    Lock write = lock.writeLock();
    write.lock();
    try {
      for (Pending pending : group) {
        for (Change change : pending.changes()) {
          int before = change.liveBefore() == null ? 0 : 1;
          int after = change.after().isTombstone() ? 0 : 1;
          if (after != before) {
            add(pending.revision(), change.head().key(), after - before);
          }
        }
      }
      shrink();
    } finally {
      write.unlock();
    }
  }

  /** Revisions that another node has made, before they become visible. For the publisher. */
  void applyEvents(List<Revision> revisions) {
    Lock write = lock.writeLock();
    write.lock();
    try {
      for (Revision revision : revisions) {
        for (Event event : revision.events()) {
          if (event.isDelete()) {
            add(revision.number(), event.key(), -1);
          } else if (event.row().version() == 1) {
            add(revision.number(), event.key(), 1);
          }
        }
      }
      shrink();
    } finally {
      write.unlock();
    }
  }

  private void add(long revision, Key key, int number) {
    recent.add(revision, key, number);
    CountBlock block = blocks.get(blockOf(key.bytes()));
    bytes -= block.bytes();
    block.add(key.bytes(), revision, number);
    bytes += block.bytes();
  }

  /**
   * Adds up what is known at the start of a range.
   *
   * @param range not empty
   * @param revision at most a watermark that was read before
   */
  Sum sum(KeyRange range, long revision) {
    Lock read = lock.readLock();
    read.lock();
    try {
      CountWalk walk = new CountWalk(blocks, range, revision, partitionKeys);
      long count = walk.sum();
      return new Sum(count, walk.isDone() ? null : walk.gap());
    } finally {
      read.unlock();
    }
  }

  /**
   * Takes over what was counted by reading.
   *
   * @param revision the revision that was read
   * @param range what was read; not empty
   * @param counted all of the range, in parts; the first one starts with it
   * @return whether it makes sense to read on for learning: if not, too much has changed meanwhile
   */
  boolean learn(long revision, KeyRange range, List<Counted> counted) {
    Lock write = lock.writeLock();
    write.lock();
    try {
      if (!recent.reachBackTo(revision)) {
        return false;
      }
      if (new CountWalk(blocks, range, revision, partitionKeys).isLearnable()) {
        replace(range, partitions(revision, range, counted));
        grow();
        shrink();
      }
      return true;
    } finally {
      write.unlock();
    }
  }

  /** What was counted, with the changes since then. */
  private List<CountPartition> partitions(long revision, KeyRange range, List<Counted> counted) {
    List<CountPartition> learned = new ArrayList<>(counted.size());
    List<CountHistory> histories = new ArrayList<>(counted.size());
    for (Counted part : counted) {
      CountHistory history = new CountHistory(revision, part.count(), bounds.partitionSteps());
      histories.add(history);
      learned.add(new CountPartition(part.start(), history));
    }
    for (Recent change : recent.above(revision)) {
      byte[] key = change.key().bytes();
      if (range.contains(key)) {
        histories.get(Bordered.placeOf(key, learned)).add(change.revision(), change.number());
      }
    }
    return learned;
  }

  private void replace(KeyRange range, List<CountPartition> learned) {
    byte[] end = range.end();
    putBorder(range.start());
    if (end != null) {
      putBorder(end);
    }
    int first = blockOf(range.start());
    int last = end == null ? blocks.size() : blockOf(end);
    CountBlock block = blocks.get(first);
    int from = block.placeOf(range.start());
    List<CountPartition> parts = new ArrayList<>(block.partitions().subList(0, from));
    parts.addAll(learned);
    if (end != null) {
      CountBlock lastBlock = blocks.get(last);
      parts.addAll(lastBlock.partitions().subList(lastBlock.placeOf(end), lastBlock.size()));
    }
    List<CountBlock> replaced = blocks.subList(first, Math.min(last + 1, blocks.size()));
    replaced.forEach(one -> bytes -= one.bytes());
    replaced.clear();
    List<CountBlock> others = cut(parts);
    blocks.addAll(first, others);
    others.forEach(one -> bytes += one.bytes());
  }

  /** Blocks of partitions, of a size that may still double. */
  private List<CountBlock> cut(List<CountPartition> parts) {
    List<CountBlock> made = new ArrayList<>();
    int most = 2 * bounds.blockPartitions();
    int from = 0;
    while (parts.size() - from > most) {
      made.add(new CountBlock(bounds, parts.subList(from, from + bounds.blockPartitions())));
      from += bounds.blockPartitions();
    }
    made.add(new CountBlock(bounds, parts.subList(from, parts.size())));
    return made;
  }

  /** Cuts the partition of a key in two, unless it starts there. */
  private void putBorder(byte[] key) {
    CountBlock block = blocks.get(blockOf(key));
    int place = block.placeOf(key);
    byte[] start = block.get(place).start();
    if (!Arrays.equals(start, key)) {
      bytes -= block.bytes();
      block.replace(
          place,
          place + 1,
          List.of(new CountPartition(start, null), new CountPartition(key, null)));
      block.refresh();
      bytes += block.bytes();
    }
  }

  private int blockOf(byte[] key) {
    return Bordered.placeOf(key, blocks);
  }

  /** Learns finer partitions again when three quarters of the memory are free. */
  private void grow() {
    if (bytes < maxBytes / 4 && partitionKeys > bounds.partitionKeys()) {
      partitionKeys /= 2;
    }
  }

  private void shrink() {
    while (bytes > maxBytes && (blocks.size() > 1 || blocks.getFirst().size() > CountBlock.FEW)) {
      if (hand >= blocks.size()) {
        hand = 0;
        partitionKeys = Math.min(2 * partitionKeys, Integer.MAX_VALUE / 4);
      }
      CountBlock block = blocks.get(hand);
      bytes -= block.bytes();
      block.coarsen();
      bytes += block.bytes();
      joinNext(block);
      hand++;
    }
  }

  /** Joins a block with the next one if they have become small. */
  private void joinNext(CountBlock block) {
    if (hand + 1 == blocks.size()) {
      return;
    }
    CountBlock next = blocks.get(hand + 1);
    if (block.size() + next.size() <= bounds.blockPartitions()) {
      bytes -= block.bytes() + next.bytes();
      block.replace(block.size(), block.size(), next.partitions());
      block.refresh();
      bytes += block.bytes();
      blocks.remove(hand + 1);
    }
  }
}
