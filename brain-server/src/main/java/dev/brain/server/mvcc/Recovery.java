// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Fate;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a store finds in its engine when it is opened.
 *
 * @param clusterId made once, with the store
 * @param memberId made once, with the store
 * @param revision the newest revision that was ever committed
 * @param compactRevision reads below it fail; -1 if nothing was compacted
 * @param compactedThrough the compaction whose deletions are finished
 */
record Recovery(
    long clusterId, long memberId, long revision, long compactRevision, long compactedThrough) {

  /** The version of the rows that this program writes. */
  static final long FORMAT_VERSION = 1;

  /** Stands in place of the version while rows are copied into an engine: there is no store yet. */
  static final long INCOMPLETE_FORMAT = 0;

  /** The revision of a store that nothing was ever written to. */
  static final long FIRST_REVISION = 1;

  /**
   * Checks, before anything is written, that the engine holds a store of this format or nothing.
   *
   * @throws EngineException.Corrupted if the rows are not ours, or of another format
   */
  static void check(Engine engine) {
    byte[] format = engine.get(Space.META, MetaKeys.FORMAT);
    if (format != null) {
      long version = MetaKeys.number(MetaKeys.FORMAT, format);
      if (version != FORMAT_VERSION) {
        throw new EngineException.Corrupted(
            "store format: "
                + version
                + " (expected: "
                + FORMAT_VERSION
                + ", the only one this version of Brain reads)",
            null);
      }
      return;
    }
    for (Space space : List.of(Space.HEAD, Space.HISTORY, Space.LOG)) {
      requireEmpty(engine, space);
    }
  }

  private static void requireEmpty(Engine engine, Space space) {
    try (Snapshot snapshot = engine.snapshot();
        Cursor rows = snapshot.scan(space, KeyRange.all(), ScanOptions.KEYS)) {
      if (rows.next()) {
        throw new EngineException.Corrupted(
            "store format: none, but there are rows of " + space + " (expected: an empty engine)",
            null);
      }
    }
  }

  /**
   * Reads the state of a store, making an empty one if the engine is empty. Reads a handful of rows
   * and the end of the log, never the key space. To be called when the engine was {@linkplain
   * #check checked}. Who is to write must have fenced older leaders off before.
   *
   * @throws EngineException.Corrupted if a row that must be there is not, or is damaged
   */
  static Recovery of(Engine engine, RandomGenerator random) {
    if (engine.get(Space.META, MetaKeys.FORMAT) == null) {
      initialize(engine, random);
    }
    try (Snapshot snapshot = engine.snapshot()) {
      long compactRevision =
          number(snapshot, MetaKeys.COMPACT_REVISION, RevisionCheck.NEVER_COMPACTED);
      long revision = Math.max(FIRST_REVISION, lastLogged(snapshot));
      revision = Math.max(revision, compactRevision);
      revision = Math.max(revision, number(snapshot, MetaKeys.REVISION_FLOOR, 0));
      return new Recovery(
          id(snapshot, MetaKeys.CLUSTER_ID),
          id(snapshot, MetaKeys.MEMBER_ID),
          revision,
          compactRevision,
          number(snapshot, MetaKeys.COMPACTED_THROUGH, 0));
    }
  }

  private static void initialize(Engine engine, RandomGenerator random) {
    WriteBatch batch =
        new WriteBatch()
            .require(new Condition.Absent(Space.META, MetaKeys.FORMAT))
            .put(Space.META, MetaKeys.FORMAT, MetaKeys.number(FORMAT_VERSION))
            .put(Space.META, MetaKeys.CLUSTER_ID, MetaKeys.number(id(random)))
            .put(Space.META, MetaKeys.MEMBER_ID, MetaKeys.number(id(random)));
    CommitOutcome outcome = engine.commit(batch);
    if (outcome instanceof CommitOutcome.Unknown unknown
        && engine.settle(unknown) != Fate.COMMITTED) {
      throw new EngineException.Unavailable(
          "the new store could not be written: " + unknown.cause().getMessage(), unknown.cause());
    }
    // If the condition has failed, another node has made the store just now.
  }

  static long id(RandomGenerator random) {
    return random.nextLong(1, Long.MAX_VALUE);
  }

  private static long lastLogged(Snapshot snapshot) {
    try (Cursor log = snapshot.scan(Space.LOG, KeyRange.all(), ScanOptions.BACKWARD)) {
      return log.next() ? RowKeys.logRevision(log.key()) : 0;
    }
  }

  private static long id(Snapshot snapshot, byte[] name) {
    long id = number(snapshot, name, 0);
    if (id == 0) {
      throw new EngineException.Corrupted(
          "meta row " + new String(name, StandardCharsets.US_ASCII) + ": none (expected: an id)",
          null);
    }
    return id;
  }

  private static long number(Snapshot snapshot, byte[] name, long absent) {
    byte[] value = snapshot.get(Space.META, name);
    return value == null ? absent : MetaKeys.number(name, value);
  }
}
