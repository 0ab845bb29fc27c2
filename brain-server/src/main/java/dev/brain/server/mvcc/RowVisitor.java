// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;

/** Receives the live keys of a range in key order. */
interface RowVisitor {
  /** Whether to go on at all. */
  default boolean wantsMore() {
    return true;
  }

  /**
   * Whether the next row is wanted itself; if not, only {@link #counted} is called for it, which
   * spares reading its value.
   */
  boolean wantsRow();

  void row(Key key, Row row);

  void counted();
}
