// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.EngineException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TikvSettingsTest {

  @Test
  void parse_nothingGiven_isTheDefaults() {
    assertThat(TikvSettings.parse(Map.of()))
        .isEqualTo(
            new TikvSettings(
                List.of("127.0.0.1:2379"),
                "default",
                null,
                true,
                Duration.ofMinutes(10),
                Duration.ofSeconds(5)));
  }

  @Test
  void parse_everythingGiven_isTaken() {
    assertThat(
            TikvSettings.parse(
                Map.of(
                    "pd-endpoints", "pd0:2379,[::1]:1",
                    "keyspace", "cluster-1",
                    "cacert", "/a",
                    "cert", "/b",
                    "key", "/c",
                    "garbage-collection", "false",
                    "garbage-collection-life", "90s",
                    "request-timeout", "500ms")))
        .isEqualTo(
            new TikvSettings(
                List.of("pd0:2379", "[::1]:1"),
                "cluster-1",
                new TikvSettings.Files(Path.of("/a"), Path.of("/b"), Path.of("/c")),
                false,
                Duration.ofSeconds(90),
                Duration.ofMillis(500)));
  }

  @ParameterizedTest
  @CsvSource({
    "pd-endpoints,pd0,'host:port, more of them separated by commas'",
    "pd-endpoints,'pd0:2379,','host:port, more of them separated by commas'",
    "pd-endpoints,http://pd0:2379,'host:port, more of them separated by commas'",
    "pd-endpoints,pd0:70000,'host:port, more of them separated by commas'",
    "keyspace,a/b,'1 to 63 lower case letters, digits and hyphens; no hyphen in front'",
    "keyspace,'','1 to 63 lower case letters, digits and hyphens; no hyphen in front'",
    "garbage-collection,yes,true or false",
    "garbage-collection-life,10,'a duration such as 500ms, 90s, 10m or 1h, from 30000ms to"
        + " 604800s'",
    "request-timeout,99ms,'a duration such as 500ms, 90s, 10m or 1h, from 100ms to 300s'",
    "request-timeout,1h,'a duration such as 500ms, 90s, 10m or 1h, from 100ms to 300s'",
  })
  void parse_badValue_namesOptionValueAndExpectation(String name, String value, String expected) {
    assertThatThrownBy(() -> TikvSettings.parse(Map.of(name, value)))
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessage(name + ": " + value + " (expected: " + expected + ")");
  }

  /** A part of what TLS needs must not mean that there is none. */
  @Test
  void parse_someFilesOfTls_namesTheMissingOne() {
    assertThatThrownBy(() -> TikvSettings.parse(Map.of("cacert", "/a", "cert", "/b")))
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessageStartingWith("key: ")
        .hasMessageContaining("cacert, cert, key");
  }

  @Test
  void parse_unknownOption_namesTheKnownOnes() {
    assertThatThrownBy(() -> TikvSettings.parse(Map.of("pd", "1")))
        .isInstanceOf(EngineException.InvalidSettings.class)
        .hasMessageStartingWith("pd: 1 (expected: an option of the tikv engine: ")
        .hasMessageContaining("pd-endpoints, keyspace");
  }
}
