// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Key;
import dev.brain.server.kv.Row;

/** Receives the live keys of a range, with their versions, in key order. */
interface RowVisitor {
  /** Whether to go on. */
  default boolean wantsMore() {
    return true;
  }

  void row(Key key, Row row);
}
