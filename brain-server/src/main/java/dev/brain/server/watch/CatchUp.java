// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.EncodedEvent;
import dev.brain.server.event.EncodedRevision;
import dev.brain.server.event.EventHistory;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a watcher has missed, a bite at a time. Thread-safe. */
final class CatchUp {
  /*
   * Everything goes by revision numbers: a bite starts at the first revision that the watcher has not
   * been given and says which one comes next, whether it came from memory or from the log. So the
   * seam between the two cannot lose or repeat anything, wherever it moves meanwhile.
   */

  /**
   * A piece of what was missed.
   *
   * @param events what the watcher wants of it; complete revisions
   * @param next the first revision that was not looked at
   * @param failure why there is nothing, or null
   */
  record Bite(List<EncodedEvent> events, long next, @Nullable Failure failure) {}

  /**
   * How much to take.
   *
   * @param revisions the most revisions with events
   * @param bytes stop after the revision that exceeds this
   */
  record Size(int revisions, long bytes) {}

  private static final Logger LOGGER = LoggerFactory.getLogger(CatchUp.class);

  /** How often a read goes on in memory while it has found nothing. */
  private static final int SCANS_PER_READ = 32;

  /**
   * The most revisions of the log that one read covers, so that a rare key does not keep a reader.
   */
  private static final int LOG_REVISIONS_PER_READ = 10_000;

  private final EventHistory history;
  private final WatchSource source;
  private final int scanRevisions;

  CatchUp(EventHistory history, WatchSource source, int scanRevisions) {
    this.history = history;
    this.source = source;
    this.scanRevisions = scanRevisions;
  }

  /**
   * Reads from memory; never blocks.
   *
   * @param through the last revision wanted
   * @return null if memory does not go back to {@code from}
   */
  @Nullable Bite fromHistory(WatchSpec spec, long from, long through, Size size) {
    EventHistory.Slice slice = history.read(from, scanRevisions, Long.MAX_VALUE);
    if (slice == null) {
      return null;
    }
    List<EncodedEvent> found = new ArrayList<>();
    int revisions = 0;
    long bytes = 0;
    for (EncodedRevision revision : slice.revisions()) {
      if (revision.number() > through) {
        break;
      }
      int before = found.size();
      for (EncodedEvent event : revision.events()) {
        if (spec.wants(event) && spec.range().contains(event.key().bytes())) {
          found.add(event);
          bytes += event.length(spec.previous());
        }
      }
      if (found.size() > before && (++revisions == size.revisions() || bytes > size.bytes())) {
        return new Bite(found, revision.number() + 1, null);
      }
    }
    return new Bite(found, Math.min(slice.through(), through) + 1, null);
  }

  /** Reads from memory or, where that does not go back far enough, from the log. Blocks. */
  Bite read(WatchSpec spec, long from, long through, Size size) {
    long next = from;
    for (int scans = 0; scans < SCANS_PER_READ; scans++) {
      Bite bite = fromHistory(spec, next, through, size);
      if (bite == null) {
        return fromLog(spec, next, through, size);
      }
      if (!bite.events().isEmpty() || bite.next() > through) {
        return bite;
      }
      next = bite.next();
    }
    return new Bite(List.of(), next, null);
  }

  private Bite fromLog(WatchSpec spec, long from, long through, Size size) {
    long inMemory = Math.max(from, history.oldest() - 1);
    long last = Math.min(Math.min(through, inMemory), from + LOG_REVISIONS_PER_READ - 1);
    try {
      RevisionBatch batch =
          source.log().read(spec.range(), from, last, size.revisions(), size.bytes());
      if (batch.next() <= from || batch.next() > last + 1) {
        return failed(from, "read from " + from + " to " + last + ", went on at " + batch.next());
      }
      List<EncodedEvent> found = new ArrayList<>();
      for (Revision revision : batch.revisions()) {
        for (Event event : revision.events()) {
          EncodedEvent encoded = EncodedEvent.of(event);
          if (spec.wants(encoded)) {
            found.add(encoded);
          }
        }
      }
      return new Bite(found, batch.next(), null);
    } catch (FailureException e) {
      return new Bite(List.of(), from, e.failure());
    } catch (RuntimeException e) {
      LOGGER.error("event log cannot be read from revision {}", from, e);
      return failed(from, e.toString());
    }
  }

  private static Bite failed(long from, String message) {
    return new Bite(List.of(), from, new Failure.Unreadable("event log: " + message));
  }
}
