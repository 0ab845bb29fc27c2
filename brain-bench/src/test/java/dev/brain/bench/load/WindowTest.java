// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {
  private final Window window = new Window();

  @Test
  void contains_beforeOpened_isFalse() {
    assertThat(window.contains(0)).isFalse();
  }

  @Test
  void contains_bounds_startIsInEndIsNot() {
    window.open(10, 5);
    assertThat(window.contains(9)).isFalse();
    assertThat(window.contains(10)).isTrue();
    assertThat(window.contains(14)).isTrue();
    assertThat(window.contains(15)).isFalse();
  }

  @Test
  void startNow_beforeStart_keepsTheLength() {
    window.open(10, 5);
    window.startNow(3);
    assertThat(window.start()).isEqualTo(3);
    assertThat(window.end()).isEqualTo(8);
    window.startNow(4);
    assertThat(window.start()).isEqualTo(3);
  }

  @Test
  void endNow_atAnyTime_onlyMovesNearer() {
    window.open(10, 5);
    window.endNow(20);
    assertThat(window.end()).isEqualTo(15);
    window.endNow(12);
    assertThat(window.end()).isEqualTo(12);
    window.endNow(7);
    assertThat(window.start()).isEqualTo(7);
    assertThat(window.end()).isEqualTo(7);
  }

  @Test
  void contains_clockThatWrapsAround_isInOrder() {
    window.open(Long.MAX_VALUE - 2, 10);
    assertThat(window.contains(Long.MAX_VALUE)).isTrue();
    assertThat(window.contains(Long.MIN_VALUE + 6)).isTrue();
    assertThat(window.contains(Long.MIN_VALUE + 7)).isFalse();
  }
}
