// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.List;

/** What an answer says beside its revision. */
public sealed interface Result {

  /** Of a range. */
  record Rows(List<KeyValue> keyValues, long count, boolean more) implements Result {}

  /** Of a put, a compaction, a grant or a revoke. */
  record Done() implements Result {}

  /** Of a delete: how many keys it deleted. */
  record Deleted(long count) implements Result {}

  /** Of a txn: which branch was done, and the results of its requests. */
  record Branch(boolean succeeded, List<Result> results) implements Result {}

  /**
   * Of a renewal.
   *
   * @param seconds the time to live; 0 if there is no such lease
   */
  record Renewed(long seconds) implements Result {}

  /** Whether a request with this result has changed a key. A revoke does not tell; it says no. */
  default boolean changed(Request request) {
    return switch (this) {
      case Done _ -> request instanceof Request.Put;
      case Deleted(long count) -> count > 0;
      case Rows _, Renewed _ -> false;
      case Branch(boolean succeeded, List<Result> results) -> {
        Request.Txn txn = (Request.Txn) request;
        List<Request.Op> ops = succeeded ? txn.success() : txn.failure();
        for (int i = 0; i < Math.min(ops.size(), results.size()); i++) {
          if (results.get(i).changed(ops.get(i))) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
