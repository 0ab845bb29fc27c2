// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

/** What became of the wish to watch. */
public sealed interface CreateOutcome {
  /** The watermark when the wish was decided. */
  long revision();

  /** The watch exists; its events follow. */
  record Created(long id, long revision) implements CreateOutcome {}

  /**
   * The start is below the compact revision: the watch was given an id and has ended.
   *
   * @param compactRevision the least revision that can be watched from
   */
  record Compacted(long id, long revision, long compactRevision) implements CreateOutcome {}

  /** There is no such watch. */
  record Refused(Reason reason, long revision) implements CreateOutcome {}

  /** Why a watch was refused. */
  enum Reason {
    /** The start is below 0. */
    NEGATIVE_START,
    /** No key can be in the range. */
    EMPTY_RANGE,
    /** The stream has a watch with this id. */
    DUPLICATE_ID,
    /** The stream or the server has as many watches as it may have. */
    TOO_MANY_WATCHES
  }
}
