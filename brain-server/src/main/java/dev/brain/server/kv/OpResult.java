// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one operation of a transaction answered. Revisions are those of the inner header. */
public sealed interface OpResult
    permits RangeResult, OpResult.Put, OpResult.Delete, OpResult.Nested {

  /**
   * A put.
   *
   * @param revision the newest revision as this operation saw it
   * @param previous the version before, if it was asked for and there was one
   */
  record Put(long revision, @Nullable KeyValue previous) implements OpResult {}

  /**
   * A delete.
   *
   * @param revision the newest revision as this operation saw it
   * @param deleted how many keys were deleted
   * @param previous the versions deleted, in key order, if they were asked for; else empty
   */
  record Delete(long revision, long deleted, List<KeyValue> previous) implements OpResult {}

  /** A transaction inside the transaction. Its header has no revision. */
  record Nested(boolean succeeded, List<OpResult> results) implements OpResult {}
}
