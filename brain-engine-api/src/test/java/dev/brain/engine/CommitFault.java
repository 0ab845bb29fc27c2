// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * A fault that an engine's test can give to one commit. The fault is over when that commit
 * returned: the storage works again by then.
 */
public enum CommitFault {
  /** The outcome is {@link CommitOutcome.Unknown}; settling finds the batch applied. */
  UNKNOWN_APPLIED,
  /** The outcome is {@link CommitOutcome.Unknown}; settling finds the batch not applied. */
  UNKNOWN_NOT_APPLIED,
  /** The commit throws {@link EngineException.Unavailable}, and the batch is not applied. */
  REFUSED
}
