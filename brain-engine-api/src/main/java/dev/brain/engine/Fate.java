// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/** What became of a commit whose outcome was unknown. */
public enum Fate {
  /** It is applied and as durable as was asked. Final. */
  COMMITTED,
  /** It is not applied and never will be. Final. */
  NOT_COMMITTED,
  /** The storage cannot tell yet; ask again. */
  STILL_UNKNOWN
}
