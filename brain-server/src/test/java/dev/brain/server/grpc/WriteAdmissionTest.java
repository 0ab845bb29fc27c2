// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteAdmissionTest {
  private final WriteAdmission writes =
      new WriteAdmission(new WriteLimit(() -> 0, Duration.ofSeconds(1), 100, 100));
  private final List<Completion<String>> store = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  @Test
  void writes_upToTheLimit_comeFromAnybody() {
    assertThat(write(new Connection(null), 100)).isEqualTo(100);
    assertThat(writes.underWay()).isEqualTo(100);
  }

  @Test
  void refused_isTooManyRequestsAndNeverSeenByTheStore() {
    Connection greedy = new Connection(null);
    write(greedy, 100);
    assertThat(write(greedy, 5)).isZero();
    assertThat(store).hasSize(100);
    assertThat(answers).containsExactly("TooManyRequests[]".repeat(5).split("(?<=])"));
    assertThat(writes.underWay()).isEqualTo(100);
  }

  @Test
  void aboveTheLimit_onlyWhoHasLessThanAFairShare() {
    Connection greedy = new Connection(null);
    Connection other = new Connection(null);
    write(greedy, 100);
    assertThat(write(other, 60)).isEqualTo(50);
    assertThat(write(new Connection(null), 60)).isEqualTo(33);
    assertThat(write(greedy, 1)).isZero();
  }

  @Test
  void answered_makesRoom() {
    Connection greedy = new Connection(null);
    write(greedy, 100);
    store.get(0).complete("a");
    store.get(1).fail(new Failure.OutcomeUnknown());
    assertThat(writes.underWay()).isEqualTo(98);
    assertThat(write(greedy, 5)).isEqualTo(2);
    assertThat(answers).startsWith("a", "OutcomeUnknown[]");
  }

  @Test
  void connection_thatWritesNoMore_hasNoShare() {
    Connection greedy = new Connection(null);
    Connection gone = new Connection(null);
    write(gone, 1);
    store.removeFirst().complete("a");
    write(greedy, 100);
    assertThat(write(new Connection(null), 100)).isEqualTo(50);
  }

  /** Writes so many times; answers how many of them the store has seen. */
  private int write(Connection connection, int count) {
    int before = store.size();
    for (int i = 0; i < count; i++) {
      writes.run(
          connection,
          new Completion<String>() {
            @Override
            public void complete(String result) {
              answers.add(result);
            }

            @Override
            public void fail(Failure failure) {
              answers.add(failure.toString());
            }
          },
          store::add);
    }
    return store.size() - before;
  }
}
