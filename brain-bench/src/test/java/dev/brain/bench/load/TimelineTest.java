// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {

  @Test
  void add_anyTimes_givesTheRateOfEachStretch() {
    Timeline timeline = new Timeline();
    timeline.add(0.2, 100); // too short for a rate of its own
    timeline.add(1, 500);
    timeline.add(3, 900);
    assertThat(timeline.ticks())
        .containsExactly(new Timeline.Tick(1, 500), new Timeline.Tick(3, 200));
  }
}
