// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import dev.brain.engine.KeyRange;

/**
 * What to read.
 *
 * @param range the keys; may be empty
 * @param limit the most key-values wanted; 0 or less for all
 * @param revision the revision to read at; 0 or less for the newest
 * @param order how to sort; see {@link Order}
 * @param target what to sort by
 * @param serializable whether a stale answer will do
 * @param keysOnly whether values are left out
 * @param countOnly whether only the count is wanted
 * @param filter bounds on revisions that are applied after reading and do not change the count
 */
public record RangeQuery(
    KeyRange range,
    long limit,
    long revision,
    Order order,
    Target target,
    boolean serializable,
    boolean keysOnly,
    boolean countOnly,
    RevisionFilter filter) {

  /**
   * A sort order. {@code NONE} with a target other than the key sorts ascending after the limit.
   */
  public enum Order {
    NONE,
    ASCEND,
    DESCEND
  }

  /** What a sort compares. */
  public enum Target {
    KEY,
    VERSION,
    CREATE,
    MOD,
    VALUE
  }

  /** The newest version of everything in a range. */
  public static RangeQuery newest(KeyRange range) {
    return new RangeQuery(
        range, 0, 0, Order.NONE, Target.KEY, false, false, false, RevisionFilter.NONE);
  }

  /** This query with another limit. */
  public RangeQuery withLimit(long newLimit) {
    return new RangeQuery(
        range, newLimit, revision, order, target, serializable, keysOnly, countOnly, filter);
  }

  /** This query at another revision. */
  public RangeQuery atRevision(long newRevision) {
    return new RangeQuery(
        range, limit, newRevision, order, target, serializable, keysOnly, countOnly, filter);
  }
}
