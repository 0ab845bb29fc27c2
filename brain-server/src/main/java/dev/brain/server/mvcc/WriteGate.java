// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Failure;
import org.jspecify.annotations.Nullable;

/** Decides whether requests that write may go on. Thread-safe; must be quick. */
public interface WriteGate {
  /** Lets everything pass. */
  WriteGate OPEN = _ -> null;

  /**
   * Why a write is refused now; null if it may go on.
   *
   * @param growth whether it puts something or grants a lease
   */
  @Nullable Failure refusal(boolean growth);
}
