// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void turn_everyIndexOfAMinute_isWhatNodesAndApiserversDoInAMinute() {
    Schedule schedule = new Schedule(100, 3);
    Map<Schedule.Step, Long> next = new EnumMap<>(Schedule.Step.class);
    for (long index = 0; index < 1603; index++) {
      Schedule.Turn turn = schedule.turn(index);
      // Each kind counts from 0 without a gap.
      assertThat(turn.number()).isEqualTo(next.merge(turn.step(), 1L, Long::sum) - 1);
    }
    assertThat(next)
        .containsEntry(Schedule.Step.HEARTBEAT, 600L)
        .containsEntry(Schedule.Step.CREATE, 100L)
        .containsEntry(Schedule.Step.STATUS, 300L)
        .containsEntry(Schedule.Step.DELETE, 100L)
        .containsEntry(Schedule.Step.EVENT, 500L)
        .containsEntry(Schedule.Step.LIST, 3L);
  }

  @Test
  void rate_nodes_isWhatTheyDoInAMinute() {
    assertThat(new Schedule(5000, 4).rate()).isCloseTo((5000 * 16 + 4) / 60.0, within(1e-9));
  }
}
