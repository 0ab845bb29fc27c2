// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.RevisionFilter;
import dev.brain.server.mvcc.Store;
import java.util.function.Consumer;

/** Reads a range without knowing how large it is. */
final class RangeStep implements ReadStep {
  /*
   * The bytes of a list must be reserved before it is read, and nobody knows them then. So a list is
   * probed first: some keys of its start, and the count. Mostly that is all there is. Otherwise the
   * mean size times the count is reserved, with a margin, and the list is read.
   */

  /** How many keys a probe reads: most lists are shorter, and so many fit in memory at any size. */
  private static final int PROBE_KEYS = 128;

  private final Store store;
  private final ResponseHeaders headers;
  private final RangeQuery query;
  private final Consumer<RangeMessage> send;

  RangeStep(Store store, ResponseHeaders headers, RangeQuery query, Consumer<RangeMessage> send) {
    this.store = store;
    this.headers = headers;
    this.query = query;
    this.send = send;
  }

  @Override
  public Outcome run(long reserved) throws FailureException {
    if (reserved > 0 || isSmall(query)) {
      return answer(store.range(query));
    }
    RangeResult probe = store.range(probe());
    if (isPlain() && (!probe.more() || isWithin(query.limit(), PROBE_KEYS))) {
      return answer(probe);
    }
    return new Outcome.NeedsBytes(estimate(probe));
  }

  /** Whether the answer has one key-value at most. */
  static boolean isSmall(RangeQuery query) {
    return query.countOnly() || query.range().isSingle();
  }

  private RangeQuery probe() {
    long limit = isPlain() && isWithin(query.limit(), PROBE_KEYS) ? query.limit() : PROBE_KEYS;
    return new RangeQuery(
        query.range(),
        limit,
        query.revision(),
        RangeQuery.Order.NONE,
        RangeQuery.Target.KEY,
        query.serializable(),
        query.keysOnly(),
        /* countOnly= */ false,
        RevisionFilter.NONE);
  }

  /** Whether the answer is a piece from the start of the range, in key order. */
  private boolean isPlain() {
    return query.target() == RangeQuery.Target.KEY
        && query.order() != RangeQuery.Order.DESCEND
        && query.filter().isNone();
  }

  private long estimate(RangeResult probe) {
    if (probe.keyValues().isEmpty()) {
      return 1;
    }
    long wanted =
        isPlain() && query.limit() > 0 ? Math.min(query.limit(), probe.count()) : probe.count();
    double mean = (double) RangeMessage.size(probe.keyValues()) / probe.keyValues().size();
    return Math.max(1, (long) (wanted * mean * 1.1));
  }

  private static boolean isWithin(long limit, long bound) {
    return limit > 0 && limit <= bound;
  }

  private Outcome answer(RangeResult result) {
    RangeMessage message = RangeMessage.of(headers.at(result.revision()), result);
    return new Outcome.Answer(message.size(), isSmall(query), () -> send.accept(message));
  }
}
