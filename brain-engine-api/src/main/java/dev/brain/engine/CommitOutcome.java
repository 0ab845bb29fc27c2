// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import org.jspecify.annotations.Nullable;

/** What became of a commit. Uncertainty is an outcome, so that no caller can forget it. */
public sealed interface CommitOutcome {

  /** All operations are applied, as durable as was asked. */
  record Committed() implements CommitOutcome {}

  /**
   * A condition did not hold; nothing was applied.
   *
   * @param condition the first failing condition found; if several fail, any of them
   * @param current the value that its key had, or null if the key was absent
   */
  @SuppressWarnings("ArrayRecordComponent") // identity is never compared
  record ConditionFailed(Condition condition, byte @Nullable [] current) implements CommitOutcome {}

  /**
   * The batch may be applied now, later, or never. Ask {@link Engine#settle}.
   *
   * @param token what the engine needs to find out; means nothing to anybody else
   * @param cause why the outcome is not known
   */
  record Unknown(Object token, Throwable cause) implements CommitOutcome {}
}
