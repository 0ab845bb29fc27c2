// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

/**
 * How a restore differs from a plain copy. Clients that have seen revisions newer than the snapshot
 * must not meet the same numbers again with other contents, so these two go together.
 *
 * @param bumpRevision how far above the snapshot's revision the store goes on; 0 for not at all
 * @param markCompacted whether everything up to there counts as compacted, so that clients list
 *     anew
 */
public record RestoreOptions(long bumpRevision, boolean markCompacted) {
  /** A plain copy. */
  public static final RestoreOptions PLAIN = new RestoreOptions(0, false);

  public RestoreOptions {
    if (bumpRevision < 0) {
      throw new IllegalArgumentException(
          "bump-revision: " + bumpRevision + " (expected: 0 or more)");
    }
    if (markCompacted != (bumpRevision > 0)) {
      throw new IllegalArgumentException(
          markCompacted
              ? "bump-revision: 0 (expected: above 0, because mark-compacted is set)"
              : "mark-compacted: false (expected: true, because bump-revision is set)");
    }
  }
}
