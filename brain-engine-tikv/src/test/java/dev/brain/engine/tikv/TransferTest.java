// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static dev.brain.engine.tikv.Ledger.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Condition;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.Fate;
import dev.brain.engine.tikv.emulator.FaultPlan;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two engines move amounts between accounts that are in different regions, while requests get lost
 * or are late, regions split, and leaders change: no snapshot ever shows another sum, and what was
 * said of each commit is true.
 */
class TransferTest {
  private static final int ACCOUNTS = 6;
  private static final int AMOUNT = 100;
  private static final int TRANSFERS = 60;

  private final TikvFixture tikv = new TikvFixture();
  private final List<Engine> engines = List.of(open(), open());

  private Engine open() {
    return tikv.open(Map.of("request-timeout", "2s"));
  }

  @AfterEach
  void stop() {
    tikv.emulator().faults(FaultPlan.none());
    engines.forEach(Engine::close);
    tikv.close();
  }

  @Test
  void transfers_whileRequestsGetLost_areWholeAndTruthful() throws Exception {
    long seed = Long.getLong("brain.seed", System.nanoTime());
    System.out.println("transfer test: -Dbrain.seed=" + seed);
    Random random = new Random(seed);
    TikvEmulator emulator = tikv.emulator();
    Keyspace keyspace = new Keyspace("default");
    WriteBatch opening = new WriteBatch();
    for (int account = 0; account < ACCOUNTS; account++) {
      opening.put(Space.HEAD, account(account), bytes("" + AMOUNT));
      if (account % 2 == 0) {
        emulator.split(keyspace.key(Space.HEAD, account(account)).toByteArray());
      }
    }
    assertThat(engines.getFirst().commit(opening)).isInstanceOf(CommitOutcome.Committed.class);
    List<Fate> fates = new ArrayList<>(List.of(Fate.values()));
    emulator.faults(FaultPlan.random(random.nextLong(), 6, fates));

    Ledger ledger = new Ledger();
    try (ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> running = new ArrayList<>();
      for (int engine = 0; engine < engines.size(); engine++) {
        int number = engine;
        Random own = new Random(random.nextLong());
        running.add(executor.submit(() -> transfer(number, own, ledger)));
      }
      Random own = new Random(random.nextLong());
      running.add(executor.submit(() -> watch(own, ledger)));
      for (Future<?> part : running) {
        part.get();
      }
    }

    emulator.faults(FaultPlan.none());
    emulator.release();
    engines.forEach(ledger::settle);
    assertThat(sum(engines.getFirst())).isEqualTo(ACCOUNTS * AMOUNT);
    ledger.assertExact(engines.getLast());
    assertThat(ledger.committed()).isNotEmpty();
    System.out.println("transfer test: " + ledger);
  }

  private void transfer(int number, Random random, Ledger ledger) {
    Engine engine = engines.get(number);
    for (int transfer = 0; transfer < TRANSFERS; transfer++) {
      int from = random.nextInt(ACCOUNTS);
      int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      try {
        byte[] debit = engine.get(Space.HEAD, account(from));
        byte[] credit = engine.get(Space.HEAD, account(to));
        assertThat(debit).isNotNull();
        assertThat(credit).isNotNull();
        ledger.commit(
            engine,
            "%d-%06d".formatted(number, transfer),
            new WriteBatch()
                .require(new Condition.Holds(Space.HEAD, account(from), debit))
                .require(new Condition.Holds(Space.HEAD, account(to), credit))
                .put(Space.HEAD, account(from), bytes("" + (number(debit) - 1)))
                .put(Space.HEAD, account(to), bytes("" + (number(credit) + 1))));
      } catch (EngineException.Unavailable _) {
        // the accounts could not be read
      }
    }
  }

  /** Reads, and disturbs the cluster, until all transfers were tried. */
  private void watch(Random random, Ledger ledger) {
    TikvEmulator emulator = tikv.emulator();
    while (ledger.attempts() < TRANSFERS) {
      try {
        assertThat(sum(engines.get(random.nextInt(engines.size())))).isEqualTo(ACCOUNTS * AMOUNT);
      } catch (EngineException.Unavailable _) {
        // not this time
      }
      if (random.nextInt(10) == 0) {
        emulator.moveLeaders(1 + random.nextInt(3), 1 + random.nextInt(3));
        emulator.release();
      }
      if (random.nextInt(20) == 0) {
        emulator.splitLargest();
      }
    }
  }

  private static int sum(Engine engine) {
    try (Snapshot snapshot = engine.snapshot()) {
      int sum = 0;
      for (int account = 0; account < ACCOUNTS; account++) {
        byte[] amount = snapshot.get(Space.HEAD, account(account));
        assertThat(amount).isNotNull();
        sum += number(amount);
      }
      return sum;
    }
  }

  private static int number(byte[] amount) {
    return Integer.parseInt(text(amount));
  }

  private static byte[] account(int number) {
    return bytes("account " + number);
  }
}
