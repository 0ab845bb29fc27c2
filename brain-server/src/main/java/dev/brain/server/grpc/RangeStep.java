// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.ReadMeter;
import dev.brain.server.mvcc.StoreView;
import java.util.function.Consumer;

/** Reads a range. */
final class RangeStep implements ReadStep {
  private final StoreView store;
  private final ResponseHeaders headers;
  private final RangeQuery query;
  private final Consumer<RangeMessage> send;

  RangeStep(
      StoreView store, ResponseHeaders headers, RangeQuery query, Consumer<RangeMessage> send) {
    this.store = store;
    this.headers = headers;
    this.query = query;
    this.send = send;
  }

  /** Whether the answer has one key-value at most. */
  static boolean isSmall(RangeQuery query) {
    return query.countOnly() || query.range().isSingle();
  }

  @Override
  public Answer run(ReadMeter meter) throws FailureException {
    boolean small = isSmall(query);
    RangeResult result = store.range(query, small ? ReadMeter.UNLIMITED : meter);
    RangeMessage message = RangeMessage.of(headers.at(result.revision()), result);
    return new Answer(message.size(), small, () -> send.accept(message));
  }
}
