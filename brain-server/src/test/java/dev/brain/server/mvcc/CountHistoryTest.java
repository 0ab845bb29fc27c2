// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class CountHistoryTest {
  private static List<Long> at(CountHistory history, long from, long through) {
    return LongStream.rangeClosed(from, through).map(history::at).boxed().toList();
  }

  @Test
  void at_isTheCountOfTheLastStep() {
    CountHistory history = new CountHistory(5, 7, 10);
    history.add(8, 1);
    history.add(9, -1);
    history.add(9, -1);
    history.add(12, 1);
    assertThat(at(history, 4, 13))
        .containsExactly(CountHistory.UNKNOWN, 7L, 7L, 7L, 8L, 6L, 6L, 6L, 7L, 7L);
    assertThat(history.newest()).isEqualTo(7);
    assertThat(history.changed()).isEqualTo(12);
  }

  @Test
  void add_atTheBound_forgetsTheOlderHalf() {
    CountHistory history = new CountHistory(1, 0, 4);
    for (long revision = 2; revision <= 4; revision++) {
      history.add(revision, 1);
    }
    assertThat(at(history, 0, 5)).containsExactly(CountHistory.UNKNOWN, 0L, 1L, 2L, 3L, 3L);
    long bytes = history.bytes();
    history.add(5, 1);
    assertThat(at(history, 0, 6))
        .containsExactly(
            CountHistory.UNKNOWN, CountHistory.UNKNOWN, CountHistory.UNKNOWN, 2L, 3L, 4L, 4L);
    assertThat(history.bytes()).isEqualTo(bytes);
  }
}
