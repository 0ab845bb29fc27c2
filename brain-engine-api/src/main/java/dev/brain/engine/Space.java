// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * An independent ordered key space of an engine.
 *
 * <p>Keys of different spaces never meet; one commit may write all of them. The order inside a
 * space is unsigned lexicographic.
 */
public enum Space {
  /** The newest version of each key. Point reads and long scans; large values. */
  HEAD('h'),
  /** Versions that later ones replaced. Written once, read rarely, deleted by compaction. */
  HISTORY('v'),
  /** The event log. Append-only in ascending order, scanned forward, deleted from its start. */
  LOG('l'),
  /** Small named records: format, ids, epoch, fences, compact revision, leases, alarms. */
  META('m');

  private final char id;

  Space(char id) {
    this.id = id;
  }

  /** The one byte that names this space on disk; stable for ever. */
  public byte id() {
    return (byte) id;
  }
}
