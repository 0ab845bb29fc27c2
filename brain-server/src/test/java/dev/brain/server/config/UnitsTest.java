// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "5s, PT5S",
    "100ms, PT0.1S",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    "7us, PT0.000007S",
    "2h0m3s, PT2H3S",
    "9ns, PT0.000000009S"
  })
  void duration_well(String text, Duration expected) {
    assertThat(Units.duration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-1s", "5 s", "5s ", "5d", "1e3s", "300000000h"})
  void duration_badly(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.duration(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, -1", "512KiB, 524288", "64MiB, 67108864", "8GiB, 8589934592"})
  void bytes_well(String text, long expected) {
    assertThat(Units.bytes(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KiB", "1KB", "1 KiB", "1.5GiB", "0x10", "9223372036854775807KiB"})
  void bytes_badly(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Units.bytes(text));
  }

  @Test
  void bytes_tooMany() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Units.bytes("9223372036854775808"))
        .withMessage("a number of bytes below 2^63");
  }
}
