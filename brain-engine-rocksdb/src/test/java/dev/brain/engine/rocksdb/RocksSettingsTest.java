// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.EngineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RocksSettingsTest {

  @Test
  void parse_nothingGiven_isTheDefaults() {
    assertThat(RocksSettings.parse(Map.of()))
        .isEqualTo(new RocksSettings(32 << 20, 32 << 20, 2, false, false));
  }

  @Test
  void parse_everythingGiven_isTaken() {
    assertThat(
            RocksSettings.parse(
                Map.of(
                    "block-cache-bytes", "1048576",
                    "write-buffer-bytes", "2097152",
                    "background-jobs", "3",
                    "accept-data-loss", "true",
                    "allow-open-permissions", "true")))
        .isEqualTo(new RocksSettings(1 << 20, 2 << 20, 3, true, true));
  }

  @ParameterizedTest
  @CsvSource({
    "block-cache-bytes,64MiB,a whole number from 1048576 to 1099511627776",
    "block-cache-bytes,1048575,a whole number from 1048576 to 1099511627776",
    "write-buffer-bytes,-1,a whole number from 1048576 to 1099511627776",
    "write-buffer-bytes,99999999999999999999,a whole number from 1048576 to 1099511627776",
    "background-jobs,0,a whole number from 1 to 64",
    "background-jobs,'',a whole number from 1 to 64",
    "accept-data-loss,yes,true or false",
    "allow-open-permissions,TRUE,true or false",
  })
  void parse_badValue_namesOptionValueAndExpectation(String name, String value, String expected) {
    assertThatThrownBy(() -> RocksSettings.parse(Map.of(name, value)))
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessage(name + ": " + value + " (expected: " + expected + ")");
  }

  @Test
  void parse_unknownOption_namesTheKnownOnes() {
    assertThatThrownBy(() -> RocksSettings.parse(Map.of("blockcache", "1")))
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessageStartingWith("blockcache: 1 (expected: an option of the rocksdb engine: ")
        .hasMessageContaining("block-cache-bytes, write-buffer-bytes");
  }
}
