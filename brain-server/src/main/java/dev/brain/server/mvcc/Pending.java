// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.WriteBatch;
import dev.brain.server.kv.Event;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A request that was decided and changes something, on its way to the engine. For one thread at a
 * time.
 */
final class Pending implements Answer {
  /** What a pending request costs beside its rows; an estimate. */
  private static final int OVERHEAD_BYTES = 512;

  private final long revision;
  private final long after;
  private final List<Change> changes;
  private final List<Head> heads;
  private final Consumer<WriteBatch> records;
  private final Answer answer;
  private boolean answered;

  private Pending(
      long revision,
      long after,
      List<Change> changes,
      List<Head> heads,
      Consumer<WriteBatch> records,
      Answer answer) {
    this.revision = revision;
    this.after = after;
    this.changes = changes;
    this.heads = heads;
    this.records = records;
    this.answer = answer;
  }

  /**
   * A request that makes a revision.
   *
   * @param records adds rows of the meta space
   */
  static Pending revision(
      long revision, List<Change> changes, Consumer<WriteBatch> records, Answer answer) {
    List<Head> heads = changes.stream().map(Change::head).toList();
    return new Pending(revision, revision, changes, heads, records, answer);
  }

  /**
   * A request that changes only rows that have no revision.
   *
   * @param after the newest revision that was assigned before; the answer waits for it
   */
  static Pending unnumbered(long after, Consumer<WriteBatch> records, Answer answer) {
    return new Pending(0, after, List.of(), List.of(), records, answer);
  }

  /**
   * A request that removes heads, which makes no revision.
   *
   * @param heads the heads that were assigned as absent
   */
  static Pending purge(long after, List<Head> heads, Consumer<WriteBatch> records, Answer answer) {
    return new Pending(0, after, List.of(), heads, records, answer);
  }

  /** The revision this makes, or 0. */
  long revision() {
    return revision;
  }

  /** The revision that must be visible before the answer may leave. */
  long after() {
    return after;
  }

  List<Change> changes() {
    return changes;
  }

  void writeTo(WriteBatch batch) {
    for (int sub = 0; sub < changes.size(); sub++) {
      changes.get(sub).writeTo(batch, sub);
    }
    records.accept(batch);
  }

  Revision events() {
    List<Event> events = new ArrayList<>(changes.size());
    for (Change change : changes) {
      events.add(change.event());
    }
    return new Revision(revision, events);
  }

  /** Answers that the request is visible, unless it was answered before. */
  @Override
  public void visible() {
    if (!answered) {
      answered = true;
      answer.visible();
    }
  }

  /** Answers that there is no result, unless it was answered before. */
  @Override
  public void failed(Failure failure) {
    if (!answered) {
      answered = true;
      answer.failed(failure);
    }
  }

  long bytes() {
    long bytes = OVERHEAD_BYTES;
    for (Change change : changes) {
      bytes += change.bytes();
    }
    return bytes;
  }

  /** The heads that stay pinned until this is settled. */
  void forEachHead(Consumer<Head> action) {
    heads.forEach(action);
  }
}
