// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

  @Test
  void linear_anyValue_endsAtARoundNumberAbove() {
    Axis axis = Axis.linear(47_300, 100, 0);
    assertThat(axis.greatest()).isEqualTo(50_000);
    assertThat(axis.ticks()).containsExactly(0.0, 10_000.0, 20_000.0, 30_000.0, 40_000.0, 50_000.0);
    assertThat(axis.place(0)).isEqualTo(100);
    assertThat(axis.place(25_000)).isCloseTo(50, within(1e-9));
    assertThat(axis.place(60_000)).isZero();
  }

  @Test
  void linear_nothing_hasALength() {
    assertThat(Axis.linear(0, 0, 100).place(0)).isZero();
  }

  @Test
  void logarithmic_values_lieBetweenPowersOfTen() {
    Axis axis = Axis.logarithmic(0.3, 42, 0, 300);
    assertThat(axis.ticks()).hasSize(4);
    assertThat(axis.place(0.1)).isCloseTo(0, within(1e-9));
    assertThat(axis.place(1)).isCloseTo(100, within(1e-9));
    assertThat(axis.place(100)).isCloseTo(300, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.25, 0.25", "12.5, 12.5", "4000, 4000", "20000, 20k", "1500000, 1.5M"})
  void label_anyValue_isShort(double value, String label) {
    assertThat(Axis.label(value)).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "90, 90", "99.99, 99.99", "99.9, 99.9"})
  void exact_anyPercentage_keepsItsNines(double value, String label) {
    assertThat(Axis.exact(value)).isEqualTo(label);
  }
}
