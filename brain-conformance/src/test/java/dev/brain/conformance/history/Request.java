// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.List;

/** What a client asked for: the part of etcd's API that the recorded traffic uses. */
public sealed interface Request {

  /** What may stand in a txn. */
  sealed interface Op extends Request permits Range, Put, Delete {}

  /**
   * Reads keys.
   *
   * @param revision 0 for the newest; must be 0 in a txn
   * @param limit 0 for none
   */
  record Range(Span span, long revision, long limit, boolean serializable) implements Op {
    /** A linearizable read of the newest versions. */
    public static Range of(Span span) {
      return new Range(span, 0, 0, false);
    }
  }

  /**
   * Writes a key.
   *
   * @param value a value that no other request of the history writes
   * @param lease 0 for none
   */
  record Put(String key, String value, long lease) implements Op {}

  /** Deletes keys. */
  record Delete(Span span) implements Op {}

  /** Holds if the key was last changed by {@code modRevision}; 0 if it does not exist. */
  record Unchanged(String key, long modRevision) {}

  /** Does {@code success} if all compares hold, else {@code failure}. */
  record Txn(List<Unchanged> compares, List<Op> success, List<Op> failure) implements Request {}

  /** Compacts. */
  record Compact(long revision) implements Request {}

  /** Grants a lease of {@code seconds}. */
  record Grant(long lease, long seconds) implements Request {}

  /** Renews a lease. */
  record KeepAlive(long lease) implements Request {}

  /** Revokes a lease. */
  record Revoke(long lease) implements Request {}

  /** Whether it may change keys. */
  default boolean writes() {
    return switch (this) {
      case Range _, Compact _, Grant _, KeepAlive _ -> false;
      case Put _, Delete _, Revoke _ -> true;
      case Txn txn ->
          txn.success().stream().anyMatch(Request::writes)
              || txn.failure().stream().anyMatch(Request::writes);
    };
  }
}
