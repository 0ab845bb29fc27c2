// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.FaultyEngine;
import dev.brain.engine.memory.MemoryStorage;
import dev.brain.server.mvcc.FaultHistory.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Many clients at once while commits and reads go wrong at random, with restarts: what clients were
 * told is what the log says. {@code -Dbrain.seed=} repeats the choices of a run, {@code
 * -Dbrain.rounds=} sets its length.
 */
final class RandomFaultTest {
  private static final int ROUNDS = Integer.getInteger("brain.rounds", 12);
  private static final int CLIENTS = 8;
  private static final int OPERATIONS = 400;

  private final MemoryStorage storage = new MemoryStorage();
  private final FaultHistory history = new FaultHistory();

  @Test
  void randomFaults_clientsAreToldTheTruth() throws Exception {
    long seed = Long.getLong("brain.seed", new Random().nextLong());
    System.out.println("brain.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      round("r" + round, random);
      try (FaultyEngine engine = new FaultyEngine(storage.open());
          StoreFixture fixture =
              new StoreFixture(engine, StoreConfig.DEFAULT, history::published)) {
        history.check(fixture.store);
      }
    }
    System.out.printf(
        "answered %d, not applied %d, unknown %d%n",
        history.count(Outcome.DONE),
        history.count(Outcome.NOT_APPLIED),
        history.count(Outcome.UNKNOWN));
    assertThat(history.count(Outcome.DONE)).isPositive();
    assertThat(history.count(Outcome.UNKNOWN)).isPositive();
  }

  private void round(String name, Random random) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    StoreConfig config =
        new StoreConfig(random.nextInt(2_000), 10_000, 1L << 20, 1L << 20, CountBounds.DEFAULT);
    try (FaultyEngine engine = new FaultyEngine(storage.open());
        StoreFixture fixture = new StoreFixture(engine, config, history::published)) {
      engine.refuseWhileUnknown(random.nextBoolean());
      engine.goWrongAtRandom(random.nextLong(), 20);
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        clients.add(
            threads.submit(
                new FaultClient(
                    name + "c" + client, random.nextLong(), fixture, history, OPERATIONS)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    } finally {
      threads.shutdown();
    }
  }
}
