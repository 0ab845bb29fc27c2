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
 * A request that was decided and is on its way to the engine. Decided by any thread; told of its
 * end by the committer only.
 */
final class Pending implements Answer {
  /** What a pending request costs beside its rows; an estimate. */
  private static final int OVERHEAD_BYTES = 512;

  private final long revision;
  private final List<Change> changes;
  private final List<Head> heads;
  private final Consumer<WriteBatch> records;
  private final Effect effect;
  private final Answer answer;
  private final long bytes;
  private boolean answered;

  private Pending(
      long revision,
      List<Change> changes,
      List<Head> heads,
      Consumer<WriteBatch> records,
      Effect effect,
      Answer answer) {
    this.revision = revision;
    this.changes = changes;
    this.heads = heads;
    this.records = records;
    this.effect = effect;
    this.answer = answer;
    long size = OVERHEAD_BYTES;
    for (Change change : changes) {
      size += change.bytes();
    }
    this.bytes = size;
  }

  /**
   * A request that makes a revision.
   *
   * @param records adds rows of the meta space
   */
  static Pending revision(
      long revision,
      List<Change> changes,
      Consumer<WriteBatch> records,
      Effect effect,
      Answer answer) {
    List<Head> heads = new ArrayList<>(changes.size());
    for (Change change : changes) {
      heads.add(change.head());
    }
    return new Pending(revision, changes, heads, records, effect, answer);
  }

  /** A request that changes only rows that have no revision. */
  static Pending unnumbered(Consumer<WriteBatch> records, Effect effect, Answer answer) {
    return new Pending(0, List.of(), List.of(), records, effect, answer);
  }

  /** A request that writes nothing, but whose answer depends on what is under way. */
  static Pending follower(Answer answer) {
    return unnumbered(batch -> {}, Effect.NONE, answer);
  }

  /**
   * A request that removes heads, which makes no revision.
   *
   * @param heads the heads that were assigned as absent
   */
  static Pending purge(
      List<Head> heads, Consumer<WriteBatch> records, Effect effect, Answer answer) {
    return new Pending(0, List.of(), heads, records, effect, answer);
  }

  /** The revision this makes, or 0. */
  long revision() {
    return revision;
  }

  List<Change> changes() {
    return changes;
  }

  Effect effect() {
    return effect;
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

  /** Takes effect; answers that the request is visible, unless it was answered before. */
  @Override
  public void visible() {
    effect.applied();
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

  /** How many bytes this holds in memory, roughly. */
  long bytes() {
    return bytes;
  }

  /** The heads that stay pinned until this is settled. */
  void forEachHead(Consumer<Head> action) {
    heads.forEach(action);
  }
}
