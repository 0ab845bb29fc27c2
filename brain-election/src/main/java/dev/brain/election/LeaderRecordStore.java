// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;

/**
 * Where one {@link LeaderRecord} is kept for all nodes. Each call blocks for as long as the storage
 * takes. {@link RecordElection} makes one call at a time, from any thread.
 */
public interface LeaderRecordStore extends AutoCloseable {

  /**
   * A record as it was read.
   *
   * @param version what the store needs to know it again; changes with each write, whoever writes
   */
  record Stored(LeaderRecord record, Object version) {}

  /** What became of a write. */
  sealed interface Outcome {
    /** It is stored, and was not overwritten before. */
    record Written(Stored stored) implements Outcome {}

    /** Something else than what was expected is stored; nothing was written. */
    record Lost() implements Outcome {}

    /**
     * It may be stored now or later. A {@link #read} tells: it shows the write, or the write is
     * dead or is so as soon as anything else is written.
     */
    record Uncertain(Throwable cause) implements Outcome {}
  }

  /**
   * What is stored now. Settles an uncertain write first as far as the storage can.
   *
   * @return empty if there is no record
   * @throws RuntimeException if the storage cannot be read now, or holds what is no record; the
   *     message is for the log, in one line
   */
  Optional<Stored> read();

  /**
   * Writes a record if nothing was written since {@code expected} was read.
   *
   * @param expected what was read, or empty if nothing was there
   * @throws RuntimeException if nothing was and nothing will be written; the message is for the
   *     log, in one line
   */
  Outcome write(Optional<Stored> expected, LeaderRecord next);

  /**
   * Whether others than elections can delete the record. If so, its absence proves nothing about a
   * leader: first a record is written that nobody holds, and that is waited out like any other.
   */
  boolean canVanish();

  /** What this is and where, for the log: {@code row "leader" of the engine}. */
  @Override
  String toString();

  /** Releases what the store holds. Calls that run end in some way. */
  @Override
  void close();
}
