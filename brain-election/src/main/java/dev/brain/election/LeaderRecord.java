// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

/**
 * What is written down about the leader. Each write changes it, so that two writes never leave the
 * same record; that is how a reader sees that a leader is alive.
 *
 * @param identity the name of the node that leads, or that released the record; empty if nobody
 *     holds it, see {@link LeaderRecordStore#canVanish}
 * @param instance what tells two processes with one identity apart: random, drawn by each election
 * @param term the {@linkplain Leader#term() term}, at least 1 if somebody holds it
 * @param renewal counts the writes of one term, from 0
 * @param state whether it is held
 * @param successor while it is released, who should take it first; empty for anybody
 */
public record LeaderRecord(
    String identity, String instance, long term, long renewal, State state, String successor) {

  /** Whether somebody holds the record. */
  public enum State {
    /** The node leads, as long as it renews. */
    HELD,
    /** The node gave leadership up: others need not wait for its lease. */
    RELEASED
  }

  /** The first record of a term. */
  static LeaderRecord taken(String identity, String instance, long term) {
    return new LeaderRecord(identity, instance, term, 0, State.HELD, "");
  }

  /** A record that nobody holds, for others to wait out. */
  static LeaderRecord vacant(String instance, long term) {
    return new LeaderRecord("", instance, term, 0, State.HELD, "");
  }

  /** This record as its holder renews it. */
  LeaderRecord renewed() {
    return new LeaderRecord(identity, instance, term, renewal + 1, State.HELD, "");
  }

  /** This record as its holder gives it up. */
  LeaderRecord released(String successor) {
    return new LeaderRecord(identity, instance, term, renewal + 1, State.RELEASED, successor);
  }

  boolean isReleased() {
    return state == State.RELEASED;
  }

  Leader leader() {
    return new Leader(identity, term);
  }
}
