// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AutoCompactorTest {
  private final List<Long> compacted = new ArrayList<>();
  private long now = Long.MAX_VALUE - 1_000; // The clock may begin anywhere, and overflow.
  private long revision = 1;

  @Test
  void step_time() {
    AutoCompactor compactor = compactor(new AutoCompactor.Policy.Time(Duration.ofMinutes(10)));
    assertThat(compactor.period()).isEqualTo(Duration.ofMinutes(1));

    for (int minute = 0; minute < 10; minute++) {
      run(compactor, 100);
    }
    assertThat(compacted).isEmpty();

    run(compactor, 100);
    run(compactor, 0);
    run(compactor, 0);
    assertThat(compacted).containsExactly(101L, 201L, 301L);
    for (int minute = 0; minute < 20; minute++) {
      run(compactor, 0);
    }
    assertThat(compacted).endsWith(1001L, 1101L).hasSize(11);
  }

  @Test
  void step_timeThatIsShort() {
    AutoCompactor compactor = compactor(new AutoCompactor.Policy.Time(Duration.ofMillis(1)));
    assertThat(compactor.period()).isEqualTo(Duration.ofMillis(100));

    run(compactor, 5);
    run(compactor, 5);

    assertThat(compacted).containsExactly(6L);
  }

  @Test
  void step_lateAfterPause() {
    AutoCompactor compactor = compactor(new AutoCompactor.Policy.Time(Duration.ofMinutes(10)));
    run(compactor, 5);
    run(compactor, 5);
    now += Duration.ofHours(5).toNanos();
    run(compactor, 5);

    assertThat(compacted).containsExactly(11L);
  }

  @Test
  void step_revisions() {
    AutoCompactor compactor = compactor(new AutoCompactor.Policy.Revisions(1000));
    assertThat(compactor.period()).isEqualTo(Duration.ofMinutes(5));

    run(compactor, 500);
    run(compactor, 500);
    assertThat(compacted).containsExactly(1L);
    run(compactor, 500);
    run(compactor, 0);

    assertThat(compacted).containsExactly(1L, 501L);
  }

  private AutoCompactor compactor(AutoCompactor.Policy policy) {
    return new AutoCompactor(() -> now, () -> revision, compacted::add, policy);
  }

  /** Lets a period pass, with some writes, and steps. */
  private void run(AutoCompactor compactor, int writes) {
    revision += writes;
    compactor.step();
    now += compactor.period().toNanos();
  }
}
