// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/** How an operation ended for its client. */
public sealed interface Outcome {

  /** Answered, at the revision of the answer's header. */
  record Answered(long revision, Result result) implements Outcome {}

  /** Answered with an error that says that nothing was done, and why. */
  record Refused(Reason reason) implements Outcome {}

  /** Anything else: it may have been done, may be done later, or never. */
  record Unknown() implements Outcome {}

  /** Why nothing was done. */
  enum Reason {
    /** The revision is compacted. */
    COMPACTED,
    /** The revision is not there yet. */
    FUTURE,
    /** There is no such lease. */
    NO_LEASE,
    /** The request, or its time, was not right. */
    OTHER
  }
}
