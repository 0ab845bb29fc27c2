// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest revisions, in memory, as many as fit into a bound. One thread at a time appends, any
 * thread reads; nobody waits longer than for the copying of some references.
 */
public final class EventHistory {
  /*
   * A ring of revisions in ascending order, found by binary search because void revisions leave
   * gaps in the numbers. The array doubles until it holds the greatest allowed number.
   *
   * Invariants:
   *  1. Every revision with events between oldest and newest, both included, is in the ring.
   *  2. oldest and newest never go down. oldest is at most newest + 1.
   *  3. The newest revision is kept whatever its size; older ones only while all fit in the bounds.
   *
   * Worked example: revisions 5, 6 and 8 are appended to a history that began at watermark 4, then 5
   * and 6 are dropped. oldest is 7, newest is 8: a reader at 7 misses nothing, because 7 was void.
   */

  /** Revisions from an asked one on, and the last number that was looked at. */
  public record Slice(List<EncodedRevision> revisions, long through) {}

  private static final int FIRST_CAPACITY = 1024;

  private final long maxBytes;
  private final int maxRevisions;
  private @Nullable EncodedRevision[] ring;
  private int first;
  private int count;
  private long bytes;
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
    this.maxBytes = maxBytes;
    this.maxRevisions = maxRevisions;
    this.ring = new EncodedRevision[Math.min(FIRST_CAPACITY, maxRevisions)];
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

  /** Says that everything up to a revision was appended or is void. */
  public synchronized void advance(long watermark) {
    newest = Math.max(newest, watermark);
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
    List<EncodedRevision> found = new ArrayList<>();
    long size = 0;
    for (int place = placeOf(from); place < count; place++) {
      EncodedRevision revision = at(place);
      size += revision.bytes();
      if (found.size() == limit || (size > byteLimit && !found.isEmpty())) {
        return new Slice(found, found.getLast().number());
      }
      found.add(revision);
    }
    return new Slice(found, Math.max(newest, from - 1));
  }

  private void add(EncodedRevision revision) {
    if (revision.number() <= newest) {
      throw new IllegalStateException(
          "revision " + revision.number() + " appended (expected: above " + newest + ")");
    }
    if (count == ring.length && count < maxRevisions) {
      grow();
    }
    while (count > 0 && (count == ring.length || bytes + revision.bytes() > maxBytes)) {
      dropOldest();
    }
    ring[(first + count) % ring.length] = revision;
    count++;
    bytes += revision.bytes();
    newest = revision.number();
  }

  private void dropOldest() {
    EncodedRevision dropped = at(0);
    ring[first] = null;
    first = (first + 1) % ring.length;
    count--;
    bytes -= dropped.bytes();
    oldest = dropped.number() + 1;
  }

  private void grow() {
    @Nullable EncodedRevision[] larger =
        new EncodedRevision[(int) Math.min(2L * ring.length, maxRevisions)];
    for (int place = 0; place < count; place++) {
      larger[place] = at(place);
    }
    ring = larger;
    first = 0;
  }

  /** The place of the first revision at or above a number. */
  private int placeOf(long number) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).number() < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private EncodedRevision at(int place) {
    EncodedRevision revision = ring[(first + place) % ring.length];
    if (revision == null) {
      throw new IllegalStateException("no revision at place " + place + " of " + count);
    }
    return revision;
  }
}
