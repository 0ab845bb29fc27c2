// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import dev.brain.server.watch.WatchUsage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What watches use, under etcd's names where etcd has them. */
public final class WatchMetrics implements MeterBinder {
  private final WatchUsage usage;

  public WatchMetrics(WatchUsage usage) {
    this.usage = usage;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    StoreMetrics.totalGauge(
        registry, "etcd_debugging_mvcc_watch_stream_total", "Watch streams.", usage::streams);
    StoreMetrics.totalGauge(
        registry, "etcd_debugging_mvcc_watcher_total", "Watches.", usage::watches);
    StoreMetrics.totalGauge(
        registry,
        "etcd_debugging_mvcc_slow_watcher_total",
        "Watches that are behind.",
        usage::behind);
    FunctionCounter.builder("etcd_debugging_mvcc_events", registry, _ -> usage.events())
        .description("Events sent to watches.")
        .register(registry);
    StoreMetrics.gauge(
        registry,
        "brain_watch_unsent_bytes",
        "Bytes of events that clients have not taken yet, at most.",
        usage::unsentBytes);
  }
}
