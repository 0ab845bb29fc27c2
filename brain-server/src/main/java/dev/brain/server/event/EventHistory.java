// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Revision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest revisions, in memory, as many as fit into a bound. One thread at a time appends, any
 * thread reads; nobody waits longer than for the copying of some references.
 */
public final class EventHistory {
  /*
   * Revisions in ascending order, found by binary search because void revisions leave gaps in the
   * numbers. The newest ones, which every watcher is about to read, are objects that all share; as they
   * age they are packed into bytes, and unpacked for each reader that comes late.
   *
   * Invariants:
   *  1. Every revision with events between oldest and newest, both included, is packed or recent, and
   *     all packed ones are below all recent ones.
   *  2. oldest and newest never go down. oldest is at most newest + 1.
   *  3. The newest revision is kept whatever its size; older ones only while all fit in the bounds.
   *
   * Worked example: revisions 5, 6 and 8 are appended to a history that began at watermark 4, then 5
   * and 6 are dropped. oldest is 7, newest is 8: a reader at 7 misses nothing, because 7 was void.
   */

  /** Revisions from an asked one on, and the last number that was looked at. */
  public record Slice(List<EncodedRevision> revisions, long through) {}

  /** The most revisions that are objects, about what is published together at the most. */
  private static final int RECENT_REVISIONS = 1024;

  /** The part of the memory that recent revisions may take. */
  private static final int RECENT_PART = 8;

  private final int maxRevisions;
  private final long maxRecentBytes;
  private final PackedRevisions packed;
  private final ArrayDeque<EncodedRevision> recent = new ArrayDeque<>();
  private long recentBytes;
  private long oldest;
  private volatile long newest;

  /**
   * An empty history.
   *
   * @param watermark the revision behind which it begins
   * @param maxBytes a bound on the memory, about; at least 1
   * @param maxRevisions a bound on the revisions; at least 1
   */
  public EventHistory(long watermark, long maxBytes, int maxRevisions) {
    if (maxBytes < 1 || maxRevisions < 1) {
      throw new IllegalArgumentException(
          "history: %d bytes, %d revisions (expected: at least 1 of each)"
              .formatted(maxBytes, maxRevisions));
    }
    this.oldest = watermark + 1;
    this.newest = watermark;
    this.maxRevisions = maxRevisions;
    this.maxRecentBytes = maxBytes / RECENT_PART;
    this.packed = new PackedRevisions(maxBytes - maxRecentBytes);
  }

  /**
   * Adds revisions.
   *
   * @param revisions ascending, all above {@link #newest}
   */
  public void append(List<Revision> revisions) {
    List<EncodedRevision> encoded = new ArrayList<>(revisions.size());
    for (Revision revision : revisions) {
      encoded.add(EncodedRevision.of(revision));
    }
    synchronized (this) {
      for (EncodedRevision revision : encoded) {
        add(revision);
      }
    }
  }

  /**
   * Forgets everything and goes on behind a revision, because those before it were not told.
   *
   * @param revision at least {@link #newest}
   */
  public synchronized void skip(long revision) {
    recent.clear();
    recentBytes = 0;
    while (packed.size() > 0) {
      packed.removeFirst();
    }
    oldest = revision + 1;
    newest = revision;
  }

  /** The least revision from which this history misses nothing; above {@link #newest} if empty. */
  public synchronized long oldest() {
    return oldest;
  }

  /** Everything up to this revision was appended, or is older than this history. */
  public long newest() {
    return newest;
  }

  /**
   * Reads from a revision on.
   *
   * @param from the first revision wanted
   * @param limit the most revisions to return, at least 1
   * @param byteLimit stop before the revision with which their bytes exceed this, but not before
   *     the first
   * @return the revisions, or null if the history no longer goes back as far
   */
  public synchronized @Nullable Slice read(long from, int limit, long byteLimit) {
    if (from < oldest) {
      return null;
    }
    Found found = new Found(limit, byteLimit);
    int index = packed.indexOf(from);
    while (index < packed.size() && found.add(packed.get(index))) {
      index++;
    }
    if (!found.full) {
      for (EncodedRevision revision : recent) {
        if (revision.number() >= from && !found.add(revision)) {
          break;
        }
      }
    }
    return found.full
        ? new Slice(found.revisions, found.revisions.getLast().number())
        : new Slice(found.revisions, Math.max(newest, from - 1));
  }

  /** Collects revisions up to a limit. */
  private static final class Found {
    private final List<EncodedRevision> revisions = new ArrayList<>();
    private final int limit;
    private final long byteLimit;
    private long bytes;
    private boolean full;

    Found(int limit, long byteLimit) {
      this.limit = limit;
      this.byteLimit = byteLimit;
    }

    boolean add(EncodedRevision revision) {
      bytes += revision.bytes();
      full = revisions.size() == limit || (bytes > byteLimit && !revisions.isEmpty());
      if (!full) {
        revisions.add(revision);
      }
      return !full;
    }
  }

  private void add(EncodedRevision revision) {
    if (revision.number() <= newest) {
      throw new IllegalStateException(
          "revision " + revision.number() + " appended (expected: above " + newest + ")");
    }
    recent.add(revision);
    recentBytes += revision.bytes();
    newest = revision.number();
    while (recent.size() > 1
        && (recentBytes > maxRecentBytes || recent.size() > RECENT_REVISIONS)) {
      pack(recent.removeFirst());
    }
    while (packed.size() + recent.size() > maxRevisions) {
      dropOldest();
    }
  }

  private void pack(EncodedRevision revision) {
    recentBytes -= revision.bytes();
    long dropped = packed.add(revision);
    oldest = Math.max(oldest, dropped + 1);
  }

  private void dropOldest() {
    if (packed.size() > 0) {
      oldest = packed.number(0) + 1;
      packed.removeFirst();
    } else {
      EncodedRevision dropped = recent.removeFirst();
      recentBytes -= dropped.bytes();
      oldest = dropped.number() + 1;
    }
  }
}
