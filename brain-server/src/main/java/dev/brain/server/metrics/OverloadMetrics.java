// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.IntSupplier;

/**
 * How near the server is to refusing requests. The names are Brain's: etcd has none.
 *
 * @param writes writes under way
 * @param writeLimit above how many of them more are refused
 */
public record OverloadMetrics(IntSupplier writes, IntSupplier writeLimit) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry registry) {
    StoreMetrics.gauge(registry, "brain_writes", "Writes under way.", writes::getAsInt);
    StoreMetrics.gauge(
        registry,
        "brain_write_limit",
        "Writes under way above which more are refused.",
        writeLimit::getAsInt);
  }
}
