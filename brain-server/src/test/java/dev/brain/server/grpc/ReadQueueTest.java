// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ReadQueueTest {
  private final ArrayDeque<Runnable> pool = new ArrayDeque<>();
  private final ReadQueue queue = new ReadQueue(pool::add, 2, 4);
  private final Connection greedy = new Connection(null);
  private final Connection other = new Connection(null);
  private final List<String> done = new ArrayList<>();

  @Test
  void reads_thatWait_areServedByConnectionsInTurn() {
    read(greedy, "g1", "g2", "g3", "g4");
    read(other, "o1", "o2");
    assertThat(pool).hasSize(2);
    pool.remove().run();
    assertThat(done).containsExactly("g1", "g3", "o1", "g4", "o2");
    pool.remove().run();
    assertThat(done).endsWith("g2");
    read(greedy, "g5");
    assertThat(pool).hasSize(1);
  }

  @Test
  void oneConnection_mayTakeHalfOfThePlaces() {
    read(greedy, "g1", "g2", "g3", "g4");
    assertThatThrownBy(() -> read(greedy, "g5")).isInstanceOf(RejectedExecutionException.class);
    read(other, "o1", "o2");
    assertThatThrownBy(() -> read(new Connection(null), "n1"))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void pool_thatRefuses_isAskedAgain() {
    ReadQueue refused =
        new ReadQueue(
            task -> {
              throw new RejectedExecutionException();
            },
            1,
            4);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> refused.execute(greedy, () -> done.add("never")))
          .isInstanceOf(RejectedExecutionException.class);
    }
    assertThat(done).isEmpty();
  }

  private void read(Connection connection, String... names) {
    for (String name : names) {
      queue.execute(connection, () -> done.add(name));
    }
  }
}
