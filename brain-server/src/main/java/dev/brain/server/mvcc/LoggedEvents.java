// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.EngineException;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes events of what the log names, with two questions to the engine. For one thread. */
final class LoggedEvents {
  /*
   * First the heads of all keys that were put: where a head still has the revision of the change, it is
   * the version that the change made. Then, from the history, the versions made by the other puts, and
   * those that were replaced. A put that may have created its key is asked for the version it replaced
   * only if its head says that there was one; if its own version is in the history too that is not known
   * yet, and asked for in any case.
   */

  private final Snapshot snapshot;
  private final List<LoggedChange> changes;

  LoggedEvents(Snapshot snapshot, List<LoggedChange> changes) {
    this.snapshot = snapshot;
    this.changes = changes;
  }

  /** The events, in the order of the changes. Blocks. */
  List<Event> events() {
    List<@Nullable Row> made = heads();
    List<byte[]> wanted = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      LoggedChange change = changes.get(i);
      if (made.get(i) == null) {
        wanted.add(change.historyKey());
      }
      if (mayReplace(change, made.get(i))) {
        wanted.add(change.previousKey());
      }
    }
    Iterator<@Nullable Row> found = rows(snapshot.multiGet(Space.HISTORY, wanted));
    List<Event> events = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      LoggedChange change = changes.get(i);
      Row head = made.get(i);
      Row row = head == null ? present(found.next(), change.revision()) : head;
      Row previous = mayReplace(change, head) ? found.next() : null;
      events.add(event(change, row, previous));
    }
    return events;
  }

  /** What each change made, where that is at hand: null for a put that was replaced. */
  private List<@Nullable Row> heads() {
    List<byte[]> keys =
        changes.stream()
            .filter(change -> !change.entry().delete())
            .map(change -> change.entry().key().bytes())
            .toList();
    Iterator<@Nullable Row> heads = rows(snapshot.multiGet(Space.HEAD, keys));
    List<@Nullable Row> made = new ArrayList<>(changes.size());
    for (LoggedChange change : changes) {
      if (change.entry().delete()) {
        made.add(Row.tombstone(change.revision()));
      } else {
        Row head = heads.next();
        made.add(head != null && head.modRevision() == change.revision() ? head : null);
      }
    }
    return made;
  }

  /**
   * @param made what the change made, if that is known
   */
  private static boolean mayReplace(LoggedChange change, @Nullable Row made) {
    boolean created = made != null && !made.isTombstone() && made.version() == 1;
    return !created && change.entry().previousRevision() != 0;
  }

  private static Event event(LoggedChange change, Row row, @Nullable Row previous) {
    boolean created = !row.isTombstone() && row.version() == 1;
    boolean replaces = !created && change.entry().previousRevision() != 0;
    return new Event(
        change.entry().key(),
        row,
        replaces ? present(previous, change.entry().previousRevision()) : null);
  }

  private static Row present(@Nullable Row row, long revision) {
    if (row == null) {
      throw new EngineException.Corrupted(
          "history: no row at revision " + revision + " (expected: one, the log names it)", null);
    }
    return row;
  }

  /** Rows in the order in which they were asked for. */
  private static Iterator<@Nullable Row> rows(List<byte @Nullable []> stored) {
    List<@Nullable Row> rows = new ArrayList<>(stored.size());
    for (byte[] bytes : stored) {
      rows.add(bytes == null ? null : RevisionView.decode(bytes));
    }
    return rows.iterator();
  }
}
