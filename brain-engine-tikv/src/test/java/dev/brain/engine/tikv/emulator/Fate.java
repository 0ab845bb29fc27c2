// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

/** What becomes of a request and of its answer. */
public enum Fate {
  /** Nothing happens to it. */
  DELIVER,
  /** It is not executed; the connection seems to break. */
  LOSE_REQUEST,
  /** It is executed; the connection seems to break. */
  LOSE_ANSWER,
  /** The connection seems to break at once; it is executed when held calls are released. */
  LATE_REQUEST,
  /** It is executed; the answer waits until held calls are released. */
  LATE_ANSWER,
  /** It is executed and answered when held calls are released. */
  HOLD,
  /** Stores only: not executed, there is no leader at the moment. */
  NOT_LEADER,
  /** Stores only: not executed, the region seems to have changed. */
  EPOCH_NOT_MATCH,
  /** Stores only: not executed. */
  SERVER_IS_BUSY,
  /** Stores only: not executed; what a new leader says to commits in one phase. */
  MAX_TIMESTAMP_NOT_SYNCED,
  /** Stores only: it is executed, though the answer says that it had to be given up. */
  STALE_COMMAND;

  /** True if a call to PD can meet it too. */
  public boolean concernsPd() {
    return compareTo(NOT_LEADER) < 0;
  }
}
