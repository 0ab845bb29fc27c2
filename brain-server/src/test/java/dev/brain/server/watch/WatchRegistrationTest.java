// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.event.EncodedEvent;
import dev.brain.server.event.EventHistory;
import dev.brain.server.kv.Failure;
import dev.brain.server.kv.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Registration against publishing, in every interleaving that the model checker tries. */
final class WatchRegistrationTest {
  @Test
  void registration_whilePublishing_missesAndRepeatsNothing() {
    // What only one thread at a time is in is not taken apart: a lock or the loop sees to that.
    ManagedStrategyGuarantee alone =
        ManagedStrategyGuaranteeKt.forClasses(
                ModelStore.class.getName(),
                EventHistory.class.getName(),
                CatchUp.class.getName(),
                Watcher.class.getName(),
                WatcherIndex.class.getName(),
                WatcherGroup.class.getName(),
                WatchUsage.class.getName(),
                Told.class.getName())
            .allMethods()
            .treatAsAtomic();
    new ModelCheckingOptions()
        .addGuarantee(alone)
        .threads(2)
        .actorsPerThread(1)
        .actorsBefore(1)
        .actorsAfter(0)
        .iterations(20)
        .invocationsPerIteration(600)
        .check(Registration.class);
  }

  /** A hub whose loop and reads run on the threads of those who give it work. */
  public static final class Registration {
    private static final Key KEY = ModelStore.key("a");

    private final ModelStore store = new ModelStore();
    private final Told told = new Told();
    private final WatchHub hub =
        new WatchHub(
            new WatchLimits(1, 100, 100, 2, 1 << 20, 1, 1, 1, 1 << 20, Duration.ofSeconds(1)),
            store,
            new EventHistory(store.revision(), 1 << 20, 2),
            new WatchHub.Executors(
                Runnable::run, Runnable::run, (delay, task) -> new CompletableFuture<>()),
            new SplittableRandom(1));
    private final WatchSession session = hub.open(told).orElseThrow();

    @Operation(nonParallelGroup = "publisher")
    public void publish() {
      hub.published(List.of(store.put(KEY)));
    }

    @Operation
    public void watchFromNow() {
      watch(0);
    }

    @Operation
    public void watchFromThePast() {
      watch(2);
    }

    @Operation
    public void requestProgress() {
      session.execute(session::requestProgress);
    }

    private void watch(long start) {
      session.execute(
          () -> {
            WatchSpec spec = WatchSpec.of(Simulation.single("a"), start);
            if (session.create(spec) instanceof CreateOutcome.Created(long id, long revision)) {
              told.next.put(id, start == 0 ? revision + 1 : start);
            }
          });
    }

    /** Runs when all operations have ended, and so all work that they gave. */
    @Validate
    public void everythingWasTold() {
      if (!told.faults.isEmpty()) {
        throw new IllegalStateException(told.faults.toString());
      }
      told.next.forEach(
          (id, next) -> {
            if (next != store.revision() + 1) {
              throw new IllegalStateException(
                  "watch " + id + " waits for " + next + " at revision " + store.revision());
            }
          });
    }
  }

  /** Follows the cursor of each watch; every revision above 1 has one event. */
  private static final class Told implements WatchSink {
    final Map<Long, Long> next = new HashMap<>();
    final List<String> faults = new ArrayList<>();

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void events(WatchBatch batch) {
      long expected = next.getOrDefault(batch.watchId(), -1L);
      for (EncodedEvent event : batch.events()) {
        if (event.revision() != expected) {
          faults.add("revision " + event.revision() + " for " + expected);
        }
        expected++;
      }
      next.put(batch.watchId(), expected);
    }

    @Override
    public void progress(long watchId, long revision) {
      next.forEach(
          (id, expected) -> {
            if (expected != revision + 1) {
              faults.add("progress " + revision + " for " + expected);
            }
          });
    }

    @Override
    public void compacted(long watchId, long compactRevision) {
      faults.add("compacted " + compactRevision);
    }

    @Override
    public void stopped() {
      faults.add("stopped");
    }

    @Override
    public void failed(Failure failure) {
      faults.add(failure.toString());
    }
  }
}
