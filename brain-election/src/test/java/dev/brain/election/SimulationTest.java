// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.brain.election.LeaderRecordStore.Outcome;
import dev.brain.election.LeaderRecordStore.Stored;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Never two leaders, and always one again. {@code -Dbrain.seed=} repeats a run, {@code
 * -Dbrain.runs=} makes it longer. The tests whose names begin with "planted" show that the
 * simulation sees what it is there to see.
 */
class SimulationTest {
  private final long seed = Long.getLong("brain.seed", new Random().nextLong());
  private final int runs = Integer.getInteger("brain.runs", 300);

  /** Says a line about each fault. */
  private final Logger log = (Logger) LoggerFactory.getLogger(RecordElection.class);

  @BeforeEach
  void silence() {
    log.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    log.setLevel(null);
  }

  @Test
  void sound_anyFaults_oneLeader() {
    assertSound(Simulation.Plan.SOUND);
  }

  @Test
  void sound_recordIsDeleted_oneLeader() {
    assertSound(Simulation.Plan.SOUND.with(Deletable::new).deleting());
  }

  /** A store that knows that its record can be deleted. */
  private static final class Deletable extends ForwardingRecordStore {
    Deletable(LeaderRecordStore store) {
      super(store);
    }

    @Override
    public boolean canVanish() {
      return true;
    }
  }

  private void assertSound(Simulation.Plan plan) {
    System.out.println("election simulation: -Dbrain.seed=" + seed);
    int elections = 0;
    for (long run = seed; run < seed + runs; run++) {
      try {
        elections += new Simulation(plan, run).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dbrain.seed=" + run, e);
      }
    }
    System.out.println("leaderships: " + elections);
    assertThat(elections).as("leaderships that the faults ended").isGreaterThan(3 * runs);
  }

  @Test
  void planted_leaderCountsFromAnswer_isCaught() {
    assertCaught(
        Simulation.Plan.SOUND.with(
            new LeaseCounting() {
              @Override
              public long leader(long sent, long answered) {
                return answered;
              }

              @Override
              public long others(long sent, long answered) {
                return SOUND.others(sent, answered);
              }
            }));
  }

  @Test
  void planted_othersCountFromRequest_isCaught() {
    assertCaught(
        Simulation.Plan.SOUND.with(
            new LeaseCounting() {
              @Override
              public long leader(long sent, long answered) {
                return SOUND.leader(sent, answered);
              }

              @Override
              public long others(long sent, long answered) {
                return sent;
              }
            }));
  }

  @Test
  void planted_deletedRecordIsTakenAtOnce_isCaught() {
    assertCaught(Simulation.Plan.SOUND.deleting());
  }

  @Test
  void planted_clocksDriftTooFar_isCaught() {
    assertCaught(Simulation.Plan.SOUND.with(0.5));
  }

  @Test
  void planted_writeWithoutCondition_isCaught() {
    assertCaught(
        Simulation.Plan.SOUND.with(
            store ->
                new ForwardingRecordStore(store) {
                  @Override
                  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
                    return super.write(read(), next);
                  }
                }));
  }

  @Test
  void planted_uncertainTakenForWritten_isCaught() {
    assertCaught(
        Simulation.Plan.SOUND.with(
            store ->
                new ForwardingRecordStore(store) {
                  @Override
                  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
                    Outcome outcome = super.write(expected, next);
                    return outcome instanceof Outcome.Uncertain
                        ? new Outcome.Written(new Stored(next, LeaderRecordCodec.encode(next)))
                        : outcome;
                  }
                }));
  }

  private void assertCaught(Simulation.Plan plan) {
    for (long run = seed; run < seed + runs; run++) {
      try {
        new Simulation(plan, run).run();
      } catch (AssertionError e) {
        assertThat(e).hasMessageContaining("several lead");
        return;
      }
    }
    throw new AssertionError("a planted bug was not seen in " + runs + " runs from " + seed);
  }
}
