// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.engine.KeyRange;
import dev.brain.server.kv.FailureException;

/** Reads revisions of the past from the event log of the engine. Thread-safe; blocks. */
public interface RevisionReader {
  /**
   * Reads events of the keys of a range, oldest first.
   *
   * @param range the keys wanted
   * @param from the first revision wanted
   * @param through the last revision wanted, at most the watermark
   * @param maxRevisions stop after so many revisions that have events in the range, at least 1
   * @param maxBytes stop after the revision with which keys and values read exceed this
   * @return what was found, and where to go on. All events carry their previous version if there
   *     was one
   * @throws FailureException with {@code Compacted} if {@code from} is below the compact revision,
   *     also if it becomes so during the read; with {@code Unreadable} if the engine fails
   */
  RevisionBatch read(KeyRange range, long from, long through, int maxRevisions, long maxBytes)
      throws FailureException;
}
