// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The creates and deletes of the newest revisions, as many as fit into a bound. Guarded by its
 * {@link CountIndex}.
 */
final class RecentChanges {

  /**
   * A key was created or deleted.
   *
   * @param number 1 if it was created, -1 if it was deleted
   */
  record Recent(long revision, Key key, int number) {}

  private static final int OBJECT_BYTES = 112;

  private final int most;
  private final long maxBytes;
  private final Deque<Recent> changes = new ArrayDeque<>();
  private long bytes;

  /** Changes above this revision are all there. */
  private long forgotten;

  /** Begins behind a revision, with none. */
  RecentChanges(long revision, int most, long maxBytes) {
    this.forgotten = revision;
    this.most = most;
    this.maxBytes = maxBytes;
  }

  /** Adds a change, of a revision that is not below that of the last one. */
  void add(long revision, Key key, int number) {
    changes.add(new Recent(revision, key, number));
    bytes += bytes(key);
    while (changes.size() > most || bytes > maxBytes) {
      Recent oldest = changes.remove();
      bytes -= bytes(oldest.key());
      forgotten = oldest.revision();
    }
  }

  /** Forgets everything up to a revision. */
  void restart(long revision) {
    changes.clear();
    bytes = 0;
    forgotten = revision;
  }

  private static long bytes(Key key) {
    return OBJECT_BYTES + (long) key.bytes().length;
  }

  /** Whether every change above a revision is there. */
  boolean reachBackTo(long revision) {
    return revision >= forgotten;
  }

  /** The changes above a revision, in their order. */
  Iterable<Recent> above(long revision) {
    Deque<Recent> found = new ArrayDeque<>();
    Iterator<Recent> newestFirst = changes.descendingIterator();
    while (newestFirst.hasNext()) {
      Recent recent = newestFirst.next();
      if (recent.revision() <= revision) {
        break;
      }
      found.push(recent);
    }
    return found;
  }
}
