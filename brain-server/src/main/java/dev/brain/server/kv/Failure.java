// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/** Why a request was not answered with a result. The edge turns each into etcd's code and text. */
public sealed interface Failure {

  /** The revision is below the compact revision. */
  record Compacted(long compactRevision) implements Failure {}

  /** The revision is above the newest one. */
  record FutureRevision() implements Failure {}

  /** A put that keeps the old value or lease names a key that does not exist. */
  record KeyNotFound() implements Failure {}

  /** The lease does not exist. */
  record LeaseNotFound() implements Failure {}

  /** A lease with this id exists already. */
  record LeaseExists() implements Failure {}

  /** The quota is used up; nothing was applied. */
  record NoSpace() implements Failure {}

  /** The alarm CORRUPT is raised; nothing was applied. */
  record Corrupt() implements Failure {}

  /** A bound on waiting work is reached; nothing was applied. */
  record TooManyRequests() implements Failure {}

  /** The outcome of the write is not known: it may be applied now, later or never. */
  record OutcomeUnknown() implements Failure {}

  /** This node stopped leading before the write was sent to the engine; nothing was applied. */
  record LeaderChanged() implements Failure {}

  /** The store is closing; nothing was applied. */
  record Stopped() implements Failure {}

  /** Stored data is damaged or the engine cannot be reached; nothing was applied. */
  record Unreadable(String message) implements Failure {}
}
