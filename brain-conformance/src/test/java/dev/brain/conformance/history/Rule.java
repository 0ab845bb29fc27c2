// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/** What a history has to keep. */
public enum Rule {
  /** The recording itself: times ascend, a client has one operation under way, values differ. */
  RECORDING,

  /** All watches tell the same events of a revision. */
  ONE_ORDER,
  /** An answer names a revision that has events, or the first one. */
  REVISION_EXISTS,
  /** Each revision was made by one request, which was sent, or by the end of a lease. */
  REVISION_HAS_AUTHOR,
  /** Two answered writes do not have one revision. */
  REVISION_ONCE,
  /** A put is in the order once. */
  PUT_ONCE,
  /** An answered write is in the order at the revision of its answer, with exactly its events. */
  WRITE_AT_ITS_REVISION,
  /** A write that was applied with an unknown outcome was applied as a whole. */
  UNKNOWN_WHOLE_OR_NOT,
  /** A refused write is not in the order. */
  REFUSED_NOT_APPLIED,

  /** An operation is not older than what anyone had seen before it began. */
  REAL_TIME,
  /** What one node shows of keys does not go back, whoever reads or writes there. */
  NODE_NEVER_BACK,
  /** Nothing is seen before it was asked for. */
  NO_FUTURE,

  /** A read is what the order leads to at its revision. */
  READ,
  /** A txn takes the branch that its compares choose at its revision. */
  COMPARE,
  /** What a txn or a delete returns is what the order leads to. */
  RESULT,
  /** An event's version counts the changes since its create. */
  VERSION,

  /** A revision is refused as compacted only if somebody compacted, and served only until then. */
  COMPACTION,
  /** A revision is refused as in the future only if it was not visible. */
  FUTURE_REVISION,

  /** The keys of a lease end in one revision. */
  LEASE_AT_ONCE,
  /** A lease lives for its time to live after each renewal. */
  LEASE_LIVES,
  /** A lease that has ended is not renewed and gets no keys. */
  LEASE_ENDS,

  /** Watch rule 1: only what was asked for. */
  WATCH_FILTER,
  /** Watch rule 2: revisions ascend. */
  WATCH_ORDERED,
  /** Watch rule 3: no event twice. */
  WATCH_UNIQUE,
  /** Watch rule 4: the events of a revision are in one message. */
  WATCH_ATOMIC,
  /** Watch rule 5: progress is not ahead of events and does not go back. */
  WATCH_BOOKMARK,
  /** Watch rule 6: the first event is the first one from the start revision. */
  WATCH_RESUMES,
  /** Watch rule 7: no event is missing. */
  WATCH_RELIABLE,
  /** Watch rule 8: a create is one. */
  WATCH_CREATE,
  /** Watch rule 9: the version before is there, and right. */
  WATCH_PREVIOUS,
  /** Watch rule 10: nothing is older than the start revision. */
  WATCH_START,
  /** Watch rule 11: the header is not behind the events. */
  WATCH_HEADER,
  /** Watch rule 12: created is first, cancelled is last. */
  WATCH_LIFE,
  /** Watch rule 13: a watch ends for a compaction only if it needs what is compacted. */
  WATCH_COMPACTED
}
