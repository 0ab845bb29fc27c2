// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import dev.brain.engine.KeyRange;
import org.jspecify.annotations.Nullable;

/**
 * A guard of a transaction: it must hold for every key of its range. An empty range, or a missing
 * single key, is compared as zeros; a missing key never satisfies a compare of values.
 *
 * @param range the keys looked at
 * @param relation how the key's field must relate to the operand
 * @param operand the field and what it is compared with
 */
public record Compare(KeyRange range, Relation relation, Operand operand) {

  /** How the stored field must relate to the operand. */
  public enum Relation {
    EQUAL,
    GREATER,
    LESS,
    NOT_EQUAL,
    /** An enum number unknown to etcd: always holds. */
    ALWAYS
  }

  /** The field that is compared, with the value to compare it to. */
  public sealed interface Operand {
    record Version(long version) implements Operand {}

    record CreateRevision(long revision) implements Operand {}

    record ModRevision(long revision) implements Operand {}

    record Lease(long lease) implements Operand {}

    @SuppressWarnings("ArrayRecordComponent") // identity is never compared
    record Value(byte[] value) implements Operand {}

    /** An enum number unknown to etcd: every key counts as equal. */
    record Unknown() implements Operand {}
  }

  /**
   * Whether this holds for one key.
   *
   * @param row the newest version of the key, or null if it does not exist; not a tombstone
   */
  public boolean holds(@Nullable Row row) {
    if (row == null && operand instanceof Operand.Value) {
      return false;
    }
    int order =
        switch (operand) {
          case Operand.Version(long version) ->
              Long.compare(row == null ? 0 : row.version(), version);
          case Operand.CreateRevision(long revision) ->
              Long.compare(row == null ? 0 : row.createRevision(), revision);
          case Operand.ModRevision(long revision) ->
              Long.compare(row == null ? 0 : row.modRevision(), revision);
          case Operand.Lease(long lease) -> Long.compare(row == null ? 0 : row.lease(), lease);
          case Operand.Value(byte[] value) -> row == null ? 0 : row.compareValue(value);
          case Operand.Unknown() -> 0;
        };
    return switch (relation) {
      case EQUAL -> order == 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case NOT_EQUAL -> order != 0;
      case ALWAYS -> true;
    };
  }
}
