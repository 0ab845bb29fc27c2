// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.FaultyEngine;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.memory.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes, one engine, and everything that can go wrong, in virtual time and from one seed.
 * After each event at most one node may believe that it leads; when the faults end, one must lead
 * and go on leading.
 */
final class Simulation {

  /**
   * What is simulated.
   *
   * @param drift by what share of the time clocks go wrong at most
   * @param deletes whether somebody deletes the record at times
   */
  record Plan(
      LeaseCounting counting,
      UnaryOperator<LeaderRecordStore> store,
      double drift,
      boolean deletes) {
    static final Plan SOUND = new Plan(LeaseCounting.SOUND, UnaryOperator.identity(), 0.1, false);

    Plan with(LeaseCounting other) {
      return new Plan(other, store, 0, deletes);
    }

    Plan with(UnaryOperator<LeaderRecordStore> other) {
      return new Plan(counting, other, 0, deletes);
    }

    Plan with(double other) {
      return new Plan(counting, store, other, deletes);
    }

    Plan deleting() {
      return new Plan(counting, store, drift, true);
    }
  }

  private static final ElectionTimes TIMES = ElectionTimes.DEFAULT;
  private static final Duration FAULTS = Duration.ofMinutes(3);
  private static final long MILLISECOND = 1_000_000;

  /** The longest that one fault lasts: a hanging call, a stopped process, an unreachable engine. */
  private static final int LONGEST_MILLISECONDS = 12_000;

  /** After the last fault has ended: what it leaves is a lease, standing back, and some turns. */
  private static final Duration HEALING =
      Duration.ofMillis(2 * LONGEST_MILLISECONDS)
          .plus(TIMES.lease().multipliedBy(2))
          .plus(TIMES.retry().multipliedBy(4));

  /** One process with its way to the engine. */
  private final class Node {
    final FaultyEngine way = new FaultyEngine(engine);
    final VirtualNode node;
    long unreachableUntil;

    Node(String identity) {
      way.refuseWhileUnknown(random.nextBoolean());
      long offset = random.nextLong();
      double rate = 1 + plan.drift() * (2 * random.nextDouble() - 1);
      node =
          new VirtualNode(
              time,
              identity,
              plan.store().apply(new Unreliable(new EngineRecordStore(way))),
              TIMES,
              plan.counting(),
              Simulation.this::latency,
              () -> offset + (long) (rate * time.now()),
              random.nextLong());
    }

    /** A store that cannot be reached at times. */
    private final class Unreliable extends ForwardingRecordStore {
      Unreliable(LeaderRecordStore store) {
        super(store);
      }

      @Override
      public Optional<Stored> read() {
        requireReachable();
        return super.read();
      }

      @Override
      public Outcome write(Optional<Stored> expected, LeaderRecord next) {
        requireReachable();
        return super.write(expected, next);
      }

      private void requireReachable() {
        if (unreachableUntil > time.now()) {
          throw new EngineException.Unavailable("planned: unreachable", null);
        }
      }
    }
  }

  private final Plan plan;
  private final Random random;
  private final VirtualTime time = new VirtualTime();
  private final Engine engine = new MemoryStorage().open();
  private final List<Node> processes = new ArrayList<>();

  /** Those that were killed, whose last writes may still arrive. */
  private final List<Node> gone = new ArrayList<>();

  private final Set<String> elections = new HashSet<>();
  private boolean healed;

  Simulation(Plan plan, long seed) {
    this.plan = plan;
    this.random = new Random(seed);
  }

  /**
   * Runs to the end.
   *
   * @return how many leaderships there were
   * @throws AssertionError if the election was wrong
   */
  int run() {
    int count = 2 + random.nextInt(3);
    for (int number = 0; number < count; number++) {
      processes.add(new Node("node" + number));
    }
    time.checkAlways(this::check);
    while (time.now() < FAULTS.toNanos()) {
      time.pass(Duration.ofMillis(random.nextInt(4_000)));
      goWrong();
    }
    heal();
    assertThat(time.passUntil(HEALING, () -> leading() != null)).as("one leads again").isTrue();
    time.pass(HEALING);
    VirtualNode leader = leading();
    if (leader == null) {
      throw new AssertionError("nobody leads after everything is healed");
    }
    time.pass(Duration.ofMinutes(1));
    assertThat(leading()).as("leader a minute later").isSameAs(leader);
    handOver(leader);
    engine.close();
    return elections.size();
  }

  private void handOver(VirtualNode leader) {
    List<Node> others = processes.stream().filter(it -> it.node != leader).toList();
    VirtualNode successor = others.get(random.nextInt(others.size())).node;
    var _ = leader.resign(successor.identity);
    assertThat(time.passUntil(Duration.ofMillis(1_200), successor::leads))
        .as("the successor leads within a retry period and its calls")
        .isTrue();
  }

  private void check() {
    List<VirtualNode> leaders = new ArrayList<>();
    for (List<Node> all : List.of(processes, gone)) {
      for (Node process : all) {
        if (process.node.leads()) {
          leaders.add(process.node);
          process.node.participant.leader().ifPresent(it -> elections.add(it.toString()));
        }
      }
    }
    if (leaders.size() > 1) {
      throw new AssertionError(
          "at %d ms several lead: %s"
              .formatted(
                  time.now() / MILLISECOND,
                  leaders.stream().map(it -> it.identity + " " + it.told.getLast()).toList()));
    }
  }

  private @Nullable VirtualNode leading() {
    for (Node process : processes) {
      if (process.node.leads()) {
        return process.node;
      }
    }
    return null;
  }

  private long latency() {
    int chance = healed ? 100 : random.nextInt(100);
    long milliseconds =
        chance < 3
            ? random.nextInt(LONGEST_MILLISECONDS)
            : chance < 15 ? random.nextInt(2_000) : 1 + random.nextInt(20);
    return milliseconds * MILLISECOND;
  }

  private void goWrong() {
    int victim = random.nextInt(processes.size());
    Node process = processes.get(victim);
    long duration = random.nextInt(LONGEST_MILLISECONDS) * MILLISECOND;
    switch (random.nextInt(plan.deletes() ? 11 : 9)) {
      case 0 -> process.node.thread.stop(duration);
      case 1 -> process.unreachableUntil = time.now() + duration;
      case 2 -> processes.forEach(it -> it.unreachableUntil = time.now() + duration);
      case 3 -> process.way.goWrongAtRandom(random.nextLong(), 1 + random.nextInt(5));
      case 4 -> process.way.heal();
      case 5 -> (random.nextBoolean() ? processes : gone).forEach(it -> it.way.land());
      case 6 -> resign();
      case 7 -> {
        process.node.thread.stop(Duration.ofDays(1).toNanos());
        restart(victim);
      }
      case 8 -> {
        var _ = process.node.close();
        restart(victim);
      }
      default -> engine.commit(new WriteBatch().delete(Space.META, EngineRecordStore.ROW));
    }
  }

  private void resign() {
    VirtualNode leader = leading();
    if (leader != null) {
      String successor = processes.get(random.nextInt(processes.size())).node.identity;
      var _ = leader.resign(random.nextBoolean() ? successor : "");
    }
  }

  private void restart(int victim) {
    Node old = processes.get(victim);
    gone.add(old);
    processes.set(victim, new Node(old.node.identity));
  }

  private void heal() {
    healed = true;
    for (Node process : processes) {
      process.unreachableUntil = 0;
      process.way.heal();
    }
  }
}
