// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/**
 * Inclusive bounds on the revisions of key-values; a bound of 0 is no bound.
 *
 * @param minMod the least mod revision wanted
 * @param maxMod the greatest mod revision wanted
 * @param minCreate the least create revision wanted
 * @param maxCreate the greatest create revision wanted
 */
public record RevisionFilter(long minMod, long maxMod, long minCreate, long maxCreate) {
  /** No bounds. */
  public static final RevisionFilter NONE = new RevisionFilter(0, 0, 0, 0);

  /** Whether nothing can be filtered out. */
  public boolean isNone() {
    return minMod == 0 && maxMod == 0 && minCreate == 0 && maxCreate == 0;
  }

  /** Whether a version passes. */
  public boolean accepts(Row row) {
    return (minMod == 0 || row.modRevision() >= minMod)
        && (maxMod == 0 || row.modRevision() <= maxMod)
        && (minCreate == 0 || row.createRevision() >= minCreate)
        && (maxCreate == 0 || row.createRevision() <= maxCreate);
  }
}
