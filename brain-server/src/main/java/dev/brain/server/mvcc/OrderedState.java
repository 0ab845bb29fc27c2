// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Engine;

/**
 * The state as it will be when everything decided so far is visible. Only touched by the thread
 * whose turn it is; see {@link Sequencer}.
 */
final class OrderedState {
  private final Engine engine;
  private final HeadCache heads;
  private final LeaseTable leases;
  private long revision;
  private long compactRevision;

  OrderedState(
      Engine engine, HeadCache heads, LeaseTable leases, long revision, long compactRevision) {
    this.engine = engine;
    this.heads = heads;
    this.leases = leases;
    this.revision = revision;
    this.compactRevision = compactRevision;
  }

  /** For reading ranges; only by commands that need a settled engine. */
  Engine engine() {
    return engine;
  }

  HeadCache heads() {
    return heads;
  }

  LeaseTable leases() {
    return leases;
  }

  /** The newest assigned revision. */
  long revision() {
    return revision;
  }

  /** Assigns the next revision. The decision that calls this can no longer fail. */
  long assignRevision() {
    return ++revision;
  }

  /** The newest compaction that was decided, or 0. */
  long compactRevision() {
    return compactRevision;
  }

  void compact(long newCompactRevision) {
    compactRevision = newCompactRevision;
  }

  /**
   * Falls back to what the engine holds, after decisions were given up. Revisions are not reused.
   */
  void reload(long storedCompactRevision) {
    compactRevision = storedCompactRevision;
    leases.load(engine);
  }
}
