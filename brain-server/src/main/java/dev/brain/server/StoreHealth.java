// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.server.grpc.EtcdStatus;
import dev.brain.server.http.HealthSource;
import dev.brain.server.kv.FailureException;
import dev.brain.server.kv.RangeQuery;
import dev.brain.server.mvcc.Store;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How a server with a store is. Thread-safe. */
final class StoreHealth implements HealthSource {
  /** What is read to see whether reads work, as etcd does; it need not exist. */
  private static final RangeQuery PROBE =
      RangeQuery.newest(KeyRange.single("health".getBytes(StandardCharsets.UTF_8)));

  private final Store store;
  private final Supplier<Set<String>> alarms;
  private volatile boolean leading = true;

  /**
   * @param alarms the names of the alarms that are raised
   */
  StoreHealth(Store store, Supplier<Set<String>> alarms) {
    this.store = store;
    this.alarms = alarms;
  }

  /** From now on probes see a server that is about to go. */
  void leave() {
    leading = false;
  }

  @Override
  public Set<String> alarms() {
    return alarms.get();
  }

  @Override
  public boolean hasLeader() {
    return leading;
  }

  @Override
  public Optional<String> readFailure(boolean serializable) {
    if (!serializable && !leading) {
      return Optional.of(EtcdStatus.NO_LEADER.text());
    }
    try {
      store.range(PROBE);
      return Optional.empty();
    } catch (FailureException e) {
      return Optional.of(EtcdStatus.of(e.failure()).text());
    } catch (EngineException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
