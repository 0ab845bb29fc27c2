// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/** The reading calls that a {@link FaultyEngine} can let fail. */
public enum ReadKind {
  /** {@link Engine#get}. */
  ENGINE_GET,
  /** {@link Engine#snapshot}. */
  SNAPSHOT,
  /** {@link Snapshot#get}. */
  GET,
  /** {@link Snapshot#multiGet}. */
  MULTI_GET,
  /** {@link Snapshot#scan}. */
  SCAN,
  /** {@link Cursor#next}. */
  NEXT
}
