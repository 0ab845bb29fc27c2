// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.server.event.RevisionBatch;
import dev.brain.server.event.RevisionReader;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the event log and the rows it names. Thread-safe. */
final class EventLog implements RevisionReader {
  /*
   * The log says which key changed and which version it replaced. The new version is the head, if the
   * head still has that revision, else it is in the history; the replaced version is in the history, as
   * long as it was not compacted. A compaction at C deletes what revisions below C replaced, and the log
   * below C. So everything needed from C on is there, C included.
   *
   * The compact revision is checked after the snapshot was taken; see Reader.
   */

  private final Engine engine;
  private final LongSupplier compactRevision;

  EventLog(Engine engine, LongSupplier compactRevision) {
    this.engine = engine;
    this.compactRevision = compactRevision;
  }

  @Override
  public RevisionBatch read(
      KeyRange range, long from, long through, int maxRevisions, long maxBytes)
      throws FailureException {
    try (Snapshot snapshot = engine.snapshot()) {
      long compacted = compactRevision.getAsLong();
      if (from < compacted) {
        throw new FailureException(new Failure.Compacted(compacted));
      }
      return read(snapshot, range, from, through, maxRevisions, maxBytes);
    } catch (EngineException e) {
      throw new FailureException(new Failure.Unreadable(String.valueOf(e.getMessage())));
    }
  }

  private static RevisionBatch read(
      Snapshot snapshot, KeyRange range, long from, long through, int maxRevisions, long maxBytes) {
    List<Revision> revisions = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    long current = from;
    long bytes = 0;
    try (Cursor log =
        snapshot.scan(Space.LOG, RowKeys.logBetween(from, through), ScanOptions.FORWARD)) {
      while (log.next()) {
        long revision = RowKeys.logRevision(log.key());
        if (revision != current && !events.isEmpty()) {
          revisions.add(new Revision(current, events));
          events = new ArrayList<>();
          if (revisions.size() >= maxRevisions || bytes > maxBytes) {
            return new RevisionBatch(revisions, revision);
          }
        }
        current = revision;
        LogEntry entry = entry(log.value());
        if (range.contains(entry.key().bytes())) {
          Event event = event(snapshot, entry, revision);
          events.add(event);
          bytes += bytes(event);
        }
      }
    }
    if (!events.isEmpty()) {
      revisions.add(new Revision(current, events));
    }
    return new RevisionBatch(revisions, through + 1);
  }

  private static Event event(Snapshot snapshot, LogEntry entry, long revision) {
    Row row;
    if (entry.delete()) {
      row = Row.tombstone(revision);
    } else {
      byte[] head = snapshot.get(Space.HEAD, entry.key().bytes());
      Row newest = head == null ? null : RevisionView.decode(head);
      row =
          newest != null && newest.modRevision() == revision
              ? newest
              : history(snapshot, entry, revision);
    }
    @Nullable Row previous = null;
    boolean created = !entry.delete() && row.version() == 1;
    if (!created && entry.previousRevision() != 0) {
      previous = history(snapshot, entry, entry.previousRevision());
    }
    return new Event(entry.key(), row, previous);
  }

  private static Row history(Snapshot snapshot, LogEntry entry, long revision) {
    byte[] bytes = snapshot.get(Space.HISTORY, RowKeys.history(entry.key().bytes(), revision));
    if (bytes == null) {
      throw new EngineException.Corrupted(
          "history: no row at revision " + revision + " (expected: one, the log names it)", null);
    }
    return RevisionView.decode(bytes);
  }

  private static long bytes(Event event) {
    Row previous = event.previous();
    return (long) event.key().bytes().length
        + event.row().bytes().length
        + (previous == null ? 0 : previous.bytes().length);
  }

  static LogEntry entry(byte[] bytes) {
    try {
      return LogEntry.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new EngineException.Corrupted(String.valueOf(e.getMessage()), e);
    }
  }
}
