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

/** Reads the event log and the rows it names. Thread-safe. */
final class EventLog implements RevisionReader {
  /*
   * The log says which key changed and which version it replaced. The new version is the head, if the
   * head still has that revision, else it is in the history; the replaced version is in the history, as
   * long as it was not compacted. A compaction at C deletes what revisions below C replaced, and the log
   * below C. So everything needed from C on is there, C included.
   *
   * The compact revision is checked after the snapshot was taken; see Reader.
   *
   * Rows are read many at a time, because to an engine behind a network each question is a round trip.
   */

  private static final int FEWEST = 8;
  private static final int MOST = 256;
  private static final long PIECE_BYTES = 1 << 20;

  private final Engine engine;
  private final Compaction compaction;

  EventLog(Engine engine, Compaction compaction) {
    this.engine = engine;
    this.compaction = compaction;
  }

  @Override
  public RevisionBatch read(
      KeyRange range, long from, long through, int maxRevisions, long maxBytes)
      throws FailureException {
    try (Snapshot snapshot = engine.snapshot()) {
      long compacted = Math.max(0, compaction.revision(snapshot));
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
    List<Event> together = new ArrayList<>();
    long current = from;
    long bytes = 0;
    long read = 0;
    try (Cursor log =
        snapshot.scan(Space.LOG, RowKeys.logBetween(from, through), ScanOptions.FORWARD)) {
      while (true) {
        List<LoggedChange> changes = next(log, range, atATime(read, bytes));
        if (changes.isEmpty()) {
          break;
        }
        for (Event event : new LoggedEvents(snapshot, changes).events()) {
          long revision = event.row().modRevision();
          if (revision != current && !together.isEmpty()) {
            revisions.add(new Revision(current, together));
            together = new ArrayList<>();
            if (revisions.size() >= maxRevisions || bytes > maxBytes) {
              return new RevisionBatch(revisions, revision);
            }
          }
          current = revision;
          together.add(event);
          bytes += bytes(event);
          read++;
        }
      }
    }
    if (!together.isEmpty()) {
      revisions.add(new Revision(current, together));
    }
    return new RevisionBatch(revisions, through + 1);
  }

  /**
   * How many events to read together: as many as are a sensible piece of memory if they are like
   * those before. A few at first, because nothing is known of their size.
   */
  private static int atATime(long events, long bytes) {
    return events == 0
        ? FEWEST
        : Math.clamp(PIECE_BYTES / Math.max(1, bytes / events), FEWEST, MOST);
  }

  /** The next changes of keys of a range. */
  private static List<LoggedChange> next(Cursor log, KeyRange range, int most) {
    List<LoggedChange> changes = new ArrayList<>();
    while (changes.size() < most && log.next()) {
      LogEntry entry = entry(log.value());
      if (range.contains(entry.key().bytes())) {
        changes.add(new LoggedChange(RowKeys.logRevision(log.key()), entry));
      }
    }
    return changes;
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
