// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

/** A change that the log names. */
record LoggedChange(long revision, LogEntry entry) {
  /** Where the version is found that the change made, once another one has replaced it. */
  byte[] historyKey() {
    return RowKeys.history(entry.key().bytes(), revision);
  }

  /** Where the version is found that the change replaced. */
  byte[] previousKey() {
    return RowKeys.history(entry.key().bytes(), entry.previousRevision());
  }
}
