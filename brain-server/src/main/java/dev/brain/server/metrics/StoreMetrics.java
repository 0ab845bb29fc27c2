// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.metrics;

import dev.brain.engine.Engine;
import dev.brain.server.mvcc.StoreView;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The state of the server, under etcd's names. */
public final class StoreMetrics implements MeterBinder {
  private final Supplier<StoreView> view;
  private final Engine engine;
  private final Facts facts;

  /**
   * What does not change, or is known to others.
   *
   * @param serverVersion of the etcd API that is served
   * @param quotaBytes most bytes stored; negative for no bound
   * @param hasLeader whether this node knows a node that orders writes
   * @param leading whether this node orders writes
   */
  public record Facts(
      String serverVersion, long quotaBytes, BooleanSupplier hasLeader, BooleanSupplier leading) {}

  /**
   * Metrics of a node.
   *
   * @param view what the node reads now
   */
  public StoreMetrics(Supplier<StoreView> view, Engine engine, Facts facts) {
    this.view = view;
    this.engine = engine;
    this.facts = facts;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("etcd_server_version", () -> 1)
        .description("Which version is running. 1 for 'server_version' label with its value.")
        .tag("server_version", facts.serverVersion())
        .register(registry);
    gauge(
        registry, "etcd_server_has_leader", "1 if a leader exists.", () -> flag(facts.hasLeader()));
    gauge(
        registry, "etcd_server_is_leader", "1 if this member leads.", () -> flag(facts.leading()));
    gauge(
        registry,
        "etcd_server_quota_backend_bytes",
        "Stored bytes above which writes are refused.",
        () -> Math.max(0, facts.quotaBytes()));
    gauge(
        registry,
        "etcd_mvcc_db_total_size_in_bytes",
        "Bytes that the engine takes from the operating system.",
        () -> engine.usage().totalBytes());
    gauge(
        registry,
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Bytes of it that live data needs.",
        () -> engine.usage().inUseBytes());
    gauge(
        registry,
        "etcd_debugging_mvcc_current_revision",
        "The newest visible revision.",
        () -> view.get().revision());
    gauge(
        registry,
        "etcd_debugging_mvcc_compact_revision",
        "The revision of the last compaction.",
        () -> view.get().compactRevision());
    totalGauge(
        registry,
        "etcd_server_proposals_applied_total",
        "Revisions that are visible.",
        () -> view.get().revision());
    totalGauge(
        registry,
        "etcd_server_proposals_committed_total",
        "Revisions that are visible.",
        () -> view.get().revision());
  }

  private static double flag(BooleanSupplier value) {
    return value.getAsBoolean() ? 1 : 0;
  }

  /** Registers a gauge; its value is NaN while it cannot be told. */
  static void gauge(MeterRegistry registry, String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /**
   * Registers a value that etcd calls a gauge although its name ends in {@code _total}. That ending
   * is a counter's alone in the library, so it is shown as a counter: the name is what dashboards
   * need.
   */
  static void totalGauge(
      MeterRegistry registry, String name, String description, DoubleSupplier value) {
    // Counters hold what they ask only weakly; the registry lives as long as they do.
    FunctionCounter.builder(name, registry, _ -> value.getAsDouble())
        .description(description)
        .register(registry);
  }
}
