// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;
import dev.brain.engine.Space;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The newest versions of keys that are in use or were lately. Thread-safe. */
final class HeadCache {
  /*
   * The sequencer decides against the newest version of a key, which may still be on its way to the
   * engine. This cache is where that version is found. It may be trusted because the leader is the only
   * writer (the fence proves it at commit), and because of these invariants:
   *
   *  1. A head is pinned by each request from before it is loaded until the request was decided, and by
   *     each write from its decision until its commit has returned. A pinned head is never evicted.
   *  2. So when a head is created, no write of its key is in flight: what the engine returns then, or
   *     later, is the newest version until the sequencer assigns another one. Loading a head that was
   *     created before needs no check against writes in between: they would have assigned it.
   *     A head that is given up stays so, and another one takes its place in the map; both are never
   *     pinned at the same time.
   *  3. The row of a head that is known changes only by assignment, under the sequencer's turn: to what
   *     was decided, or back to what was before if the decision is given up. It never becomes unknown.
   *
   * Memory is bounded by bytes: an unpinned head is dropped by a clock hand (second chance) when the
   * cache is over its bound. Pinned heads may exceed it; their number is bounded by the sequencer. A head
   * that was not in the engine when it was loaded, a key being created, is dropped with its last pin: what
   * is only created would push out what is read and updated, and die old, which costs the collector most.
   * For the same reason a full cache takes in only some of the keys that are read.
   */

  /** What a head costs beside its key and row: objects, map and queue nodes; an estimate. */
  private static final int OVERHEAD_BYTES = 160;

  /** Heads looked at by one eviction, so that no request pays for a long walk. */
  private static final int EVICTION_STEPS = 32;

  /** One of so many reads of keys that are not cached puts its key into a full cache. */
  private static final int ADMITTED_PART = 32;

  /** A cache counts as full when less than one of so many parts is free. */
  private static final int SLACK_PART = 16;

  private final Engine engine;
  private final long maxBytes;
  private final ConcurrentHashMap<Key, Head> heads = new ConcurrentHashMap<>();
  private final Queue<Head> clock = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger misses = new AtomicInteger();

  /**
   * @param maxBytes the most that unpinned heads may take, at least 0
   */
  HeadCache(Engine engine, long maxBytes) {
    this.engine = engine;
    this.maxBytes = maxBytes;
  }

  /** The head of a key, pinned; to be unpinned once. It may have to be loaded. */
  Head pin(Key key) {
    while (true) {
      Head head = heads.get(key);
      if (head == null) {
        Head made = new Head(key);
        head = heads.putIfAbsent(key, made);
        if (head == null) {
          bytes.addAndGet(OVERHEAD_BYTES + key.bytes().length);
          return made;
        }
      }
      if (head.tryPin()) {
        return head;
      }
      heads.remove(key, head); // given up; whoever did it need not have come this far
    }
  }

  /**
   * The newest version of a key, which may not be visible yet: cached, or read from the engine. At
   * least as new as every version that was visible before.
   *
   * @return null if there is no row
   */
  @Nullable Row read(Key key) {
    Head cached = heads.get(key);
    if (cached != null && cached.isKnown()) {
      return cached.row();
    }
    if (isFull() && misses.getAndIncrement() % ADMITTED_PART != 0) {
      return stored(key);
    }
    Head head = pin(key);
    try {
      load(head);
      return head.row();
    } finally {
      unpin(head);
    }
  }

  /** An eviction leaves less than the bound behind, so a full cache is one that is nearly so. */
  private boolean isFull() {
    return bytes.get() >= maxBytes - maxBytes / SLACK_PART;
  }

  /** Pins a pinned head once more. */
  void pinAgain(Head head) {
    if (!head.tryPin()) {
      throw new IllegalStateException("a head was given up while it was pinned");
    }
  }

  /** Gives up one pin. */
  void unpin(Head head) {
    head.unpin();
    if (!head.isWorthKeeping()) {
      giveUp(head);
    }
    if (bytes.get() > maxBytes) {
      evict();
    }
  }

  /** Reads a pinned head from the engine unless it is known. Blocks. */
  void load(Head head) {
    if (!head.isKnown()) {
      loaded(head, head.load(() -> stored(head.key())));
    }
  }

  /** Makes a pinned head known, unless it is, by a row just read from a settled engine. */
  void load(Head head, Row row) {
    loaded(head, head.load(() -> row));
  }

  private void loaded(Head head, int rowBytes) {
    if (rowBytes > 0) {
      bytes.addAndGet(rowBytes);
      clock.add(head);
    }
  }

  private @Nullable Row stored(Key key) {
    byte[] stored = engine.get(Space.HEAD, key.bytes());
    return stored == null ? null : RevisionView.decode(stored);
  }

  /** Makes a row the newest version of a pinned head; null if the key has no row from now on. */
  void assign(Head head, @Nullable Row row) {
    bytes.addAndGet(head.assign(row));
  }

  /** An estimate of the bytes that all cached heads take. */
  long bytes() {
    return bytes.get();
  }

  private void evict() {
    for (int step = 0; step < EVICTION_STEPS && bytes.get() > maxBytes; step++) {
      Head candidate = clock.poll();
      if (candidate == null) {
        return;
      }
      if (candidate.takeSecondChance() || !giveUp(candidate)) {
        clock.add(candidate);
      }
    }
  }

  /** Drops a head unless it is pinned. */
  private boolean giveUp(Head head) {
    if (!head.tryGiveUp()) {
      return false;
    }
    heads.remove(head.key(), head);
    bytes.addAndGet(-(OVERHEAD_BYTES + head.key().bytes().length + head.rowBytes()));
    return true;
  }
}
