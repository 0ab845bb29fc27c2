// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineException;
import dev.brain.server.config.ServerConfig;
import dev.brain.server.grpc.Coordination;
import dev.brain.server.grpc.ElectionService;
import dev.brain.server.grpc.Handover;
import dev.brain.server.grpc.KvService;
import dev.brain.server.grpc.LeaseService;
import dev.brain.server.grpc.LockService;
import dev.brain.server.grpc.MaintenanceService;
import dev.brain.server.grpc.ReadGate;
import dev.brain.server.grpc.StoreAlarms;
import dev.brain.server.grpc.StoreWrites;
import dev.brain.server.kv.Failure;
import dev.brain.server.lease.Lessor;
import dev.brain.server.maintenance.Alarm;
import dev.brain.server.maintenance.Alarms;
import dev.brain.server.maintenance.AutoCompactor;
import dev.brain.server.maintenance.Quota;
import dev.brain.server.mvcc.Collaborators;
import dev.brain.server.mvcc.Store;
import dev.brain.server.mvcc.StoreConfig;
import dev.brain.server.mvcc.StoreView;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The role of the node that leads: it orders the writes of all. */
final class Leading implements NodeRole {
  /** etcd's shortest lease, with its default election timeout. */
  private static final long MIN_LEASE_SECONDS = 2;

  private final NodeParts parts;
  private final Store store;
  private final Alarms alarms;
  private final Lessor lessor = new Lessor(System::nanoTime, MIN_LEASE_SECONDS);
  private final List<Future<?>> repeated = new ArrayList<>();
  private final List<ServerServiceDefinition> services;

  /**
   * Takes the store over: ends what an older leader has in flight, finds the newest revision, tells
   * the watches what they have missed, and takes writes from then on. Blocks, for a time that does
   * not depend on the number of keys.
   *
   * @param leads whether this node surely leads at the moment of the call
   * @param deposed told, once, that another node has taken over
   * @param handover gives the lead away
   * @throws EngineException if it cannot; nothing is left running then
   * @throws IllegalStateException if this node did not lead any more when nobody older could write
   */
  static Leading begin(
      NodeParts parts, BooleanSupplier leads, Runnable deposed, Handover handover) {
    Store store = Store.open(parts.engine(), StoreConfig.DEFAULT, parts.random(), leads);
    try {
      if (!leads.getAsBoolean()) {
        throw new IllegalStateException("the lead was lost while it was being taken over");
      }
      HubCatchUp.run(parts.hub(), store);
      return new Leading(parts, store, leads, deposed, handover);
    } catch (RuntimeException | Error e) {
      store.close(new Failure.LeaderChanged());
      throw e;
    }
  }

  private Leading(
      NodeParts parts, Store store, BooleanSupplier leads, Runnable deposed, Handover handover) {
    this.parts = parts;
    this.store = store;
    ServerConfig config = parts.config();
    this.alarms = Alarms.open(store);
    Quota quota =
        new Quota(
            config.limits().quotaBytes(), alarms, parts.membership().self(), parts.engine()::usage);
    store.start(new Collaborators(parts.hub(), lessor, quota, deposed), parts.stores());
    lessor.start(store.leases(), new StoreLeases(store, parts.upkeep()));
    Coordination coordination =
        new Coordination(
            store, parts.hub(), parts.headers(), lessor, parts.readers(), parts.random()::nextLong);
    StoreWrites writes = new StoreWrites(store, parts.headers(), parts.budget(), parts.writes());
    this.services =
        bound(
            new KvService(
                store, parts.headers(), parts.limits(), parts.reads(ReadGate.OPEN), writes),
            new LeaseService(
                store, lessor, parts.headers(), parts.random()::nextLong, parts.writes(), leads),
            new MaintenanceService(
                store,
                parts.engine(),
                parts.headers(),
                parts.membership(),
                alarms::all,
                new StoreAlarms(alarms, parts.headers()),
                quota.bytes(),
                handover,
                parts.readers(),
                parts.background(),
                parts.timer(),
                parts.snapshots()),
            new LockService(coordination),
            new ElectionService(coordination));
    every(parts.timer(), Duration.ofMillis(Lessor.STEP_MILLIS), lessor::step);
    every(parts.upkeep(), Duration.ofMillis(Quota.CHECK_MILLIS), quota::check);
    ServerConfig.AutoCompaction compaction = config.history().compaction();
    if (compaction != null) {
      compactBySelf(compaction);
    }
  }

  static List<ServerServiceDefinition> bound(BindableService... services) {
    List<ServerServiceDefinition> definitions = new ArrayList<>();
    for (BindableService service : services) {
      definitions.add(service.bindService());
    }
    return List.copyOf(definitions);
  }

  private void compactBySelf(ServerConfig.AutoCompaction config) {
    AutoCompactor.Policy policy =
        switch (config) {
          case ServerConfig.AutoCompaction.Periodic(Duration retention) ->
              new AutoCompactor.Policy.Time(retention);
          case ServerConfig.AutoCompaction.Revisions(long retention) ->
              new AutoCompactor.Policy.Revisions(retention);
        };
    AutoCompactor compactor =
        new AutoCompactor(
            System::nanoTime,
            store::revision,
            revision ->
                store.compact(revision, /* physical= */ false, new LoggedCompaction(revision)),
            policy);
    every(parts.timer(), compactor.period(), compactor::step);
  }

  private void every(ScheduledExecutorService executor, Duration period, Runnable task) {
    repeated.add(
        executor.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The store, of which this node is the only writer. */
  Store store() {
    return store;
  }

  @Override
  public StoreView view() {
    return store;
  }

  @Override
  public List<ServerServiceDefinition> services() {
    return services;
  }

  @Override
  public Optional<String> readFailure(boolean serializable) {
    return ReadProbe.failure(store);
  }

  @Override
  public Collection<Alarm> alarms() {
    return alarms.all();
  }

  @Override
  public void close() {
    repeated.forEach(task -> task.cancel(false));
    lessor.stop();
    store.close(new Failure.LeaderChanged());
  }
}
