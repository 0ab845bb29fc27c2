// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.RevisionReader;

/** What watches need to know of the store. Thread-safe. */
public interface WatchSource {
  /** The watermark: the newest visible revision. Never goes down. */
  long revision();

  /** The revision of the last compaction, or 0. Never goes down. */
  long compactRevision();

  /** The event log, for watches that are further behind than memory goes back. */
  RevisionReader log();
}
