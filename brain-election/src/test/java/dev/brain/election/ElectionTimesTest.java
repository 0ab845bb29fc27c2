// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElectionTimesTest {
  @Test
  void default_isSixFourOne() {
    assertThat(ElectionTimes.DEFAULT)
        .isEqualTo(
            new ElectionTimes(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PT6S | PT4S   | PT0S | election retry: 0s (expected: more than 0s)
          PT6S | PT4S   | PT-1S | election retry: -1s (expected: more than 0s)
          PT6S | PT1S   | PT1S | election renew deadline: 1s (expected: more than the election retry, 1s)
          PT4S | PT4.5S | PT1S | election lease: 4s (expected: more than the election renew deadline, 4.5s)
          PT4S | PT4S   | PT1S | election lease: 4s (expected: more than the election renew deadline, 4s)
          PT2H | PT4S   | PT1S | election lease: 2h (expected: at most 1h)
          """)
  void of_wrongOrder_isRefused(
      Duration lease, Duration renewDeadline, Duration retry, String message) {
    assertThatThrownBy(() -> new ElectionTimes(lease, renewDeadline, retry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
