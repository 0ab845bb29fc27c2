// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import dev.brain.election.LeaderRecordStore.Stored;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of the leader's record: what it saw last, and since when that has not
 * changed. For the election's thread.
 */
final class RecordView {

  /** How many retry periods a released record is left to the successor that it names. */
  private static final int SUCCESSOR_RETRIES = 2;

  private final String identity;
  private final String instance;
  private final long lease;
  private final long successorTime;

  private boolean hasLooked;
  private Optional<Stored> seen = Optional.empty();
  private long unchangedFrom;
  private long highestTerm;
  private @Nullable String twin;

  RecordView(String identity, String instance, ElectionTimes times) {
    this.identity = identity;
    this.instance = instance;
    this.lease = times.lease().toNanos();
    this.successorTime = SUCCESSOR_RETRIES * times.retry().toNanos();
  }

  /**
   * Takes in what the store holds.
   *
   * @param from from when it counts as unchanged if it is new
   */
  void see(Optional<Stored> answer, long from) {
    if (!hasLooked || !answer.map(Stored::record).equals(seen.map(Stored::record))) {
      unchangedFrom = from;
    }
    hasLooked = true;
    seen = answer;
    highestTerm = Math.max(highestTerm, answer.map(it -> it.record().term()).orElse(0L));
  }

  /**
   * Whether an answer that is not taken in yet shows for the first time that another process of
   * this name is alive: it has renewed while this node looked.
   */
  boolean showsTwin(Optional<Stored> answer) {
    String renews =
        answer
            .map(Stored::record)
            .filter(it -> !it.isReleased() && it.identity().equals(identity))
            .filter(it -> stored().filter(seen -> isRenewal(seen.record(), it)).isPresent())
            .map(LeaderRecord::instance)
            .orElse(instance);
    boolean isNew = !renews.equals(instance) && !renews.equals(twin);
    if (isNew) {
      twin = renews;
    }
    return isNew;
  }

  private static boolean isRenewal(LeaderRecord before, LeaderRecord after) {
    return before.instance().equals(after.instance()) && !before.equals(after);
  }

  /** What the store held; empty also if it was never read. */
  Optional<Stored> stored() {
    return seen;
  }

  /** The record as this node holds it, also if it does not lead any more. */
  Optional<Stored> own() {
    return stored()
        .filter(it -> it.record().instance().equals(instance) && !it.record().isReleased());
  }

  /** Whether this node may replace what is stored, or nothing, by a record of its own. */
  boolean isFree(long now) {
    if (!hasLooked) {
      return false;
    }
    if (seen.isEmpty()) {
      return true;
    }
    LeaderRecord record = seen.get().record();
    if (record.isReleased()) {
      return record.successor().isEmpty()
          || record.successor().equals(identity)
          || unchanged(now) >= successorTime;
    }
    return record.instance().equals(instance) || unchanged(now) >= lease;
  }

  /** Whether the record was released to this node. */
  boolean isReleasedToThis() {
    return stored()
        .map(Stored::record)
        .filter(it -> it.isReleased() && it.successor().equals(identity))
        .isPresent();
  }

  /** The highest term seen, also if its record has vanished; 0 at first. */
  long highestTerm() {
    return highestTerm;
  }

  /** Another node that holds the record, and until when that counts. */
  Optional<Tenure> other() {
    return stored()
        .map(Stored::record)
        .filter(it -> !it.isReleased() && !it.identity().isEmpty())
        .filter(it -> !it.instance().equals(instance))
        .map(it -> new Tenure(it.leader(), unchangedFrom + lease));
  }

  private long unchanged(long now) {
    return now - unchangedFrom;
  }
}
