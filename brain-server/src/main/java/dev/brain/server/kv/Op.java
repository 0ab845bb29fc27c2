// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import dev.brain.engine.KeyRange;
import java.util.List;

/** One operation of a transaction. */
public sealed interface Op {

  /** Reads. */
  record Range(RangeQuery query) implements Op {}

  /**
   * Sets a key.
   *
   * @param key the key
   * @param value the new value; ignored with {@code ignoreValue}
   * @param lease the lease to attach to, 0 for none; ignored with {@code ignoreLease}
   * @param previous whether the answer carries the version before
   * @param ignoreValue whether the old value stays; the key must exist then
   * @param ignoreLease whether the old lease stays; the key must exist then
   */
  @SuppressWarnings("ArrayRecordComponent") // identity is never compared
  record Put(
      Key key, byte[] value, long lease, boolean previous, boolean ignoreValue, boolean ignoreLease)
      implements Op {
    /** A plain put. */
    public static Put of(Key key, byte[] value, long lease) {
      return new Put(key, value, lease, false, false, false);
    }
  }

  /**
   * Deletes every key of a range.
   *
   * @param range the keys; may be empty
   * @param previous whether the answer carries the versions that were deleted
   */
  record DeleteRange(KeyRange range, boolean previous) implements Op {}

  /** A transaction inside a transaction; its compares see the state before the outermost one. */
  record Nested(Txn txn) implements Op {}

  /** Whether any branch of a transaction, at any depth, has a put. */
  static boolean anyPut(Txn txn) {
    return anyPut(txn.success()) || anyPut(txn.failure());
  }

  private static boolean anyPut(List<Op> ops) {
    for (Op op : ops) {
      if (op instanceof Put || (op instanceof Nested(Txn nested) && anyPut(nested))) {
        return true;
      }
    }
    return false;
  }

  /** Operations that read only, at any depth. */
  static boolean areReadOnly(List<Op> ops) {
    for (Op op : ops) {
      boolean readOnly =
          switch (op) {
            case Range ignored -> true;
            case Put ignored -> false;
            case DeleteRange ignored -> false;
            case Nested nested -> nested.txn().isReadOnly();
          };
      if (!readOnly) {
        return false;
      }
    }
    return true;
  }
}
