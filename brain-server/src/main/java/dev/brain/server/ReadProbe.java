// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.server.grpc.EtcdStatus;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.mvcc.StoreView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Looks whether reads work. */
final class ReadProbe {
  /** What is read, as etcd does; it need not exist. */
  private static final RangeQuery PROBE =
      RangeQuery.newest(KeyRange.single("health".getBytes(StandardCharsets.UTF_8)));

  private ReadProbe() {}

  /** Reads; blocks. Answers why it failed, or nothing. */
  static Optional<String> failure(StoreView view) {
    try {
      view.range(PROBE);
      return Optional.empty();
    } catch (FailureException e) {
      return Optional.of(EtcdStatus.of(e.failure()).text());
    } catch (EngineException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
