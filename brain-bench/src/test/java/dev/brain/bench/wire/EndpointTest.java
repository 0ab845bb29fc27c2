// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @Test
  void parse_withoutScheme_isNotEncrypted() {
    assertThat(Endpoint.parse("localhost:2379")).isEqualTo(new Endpoint("localhost", 2379, false));
  }

  @Test
  void parse_https_isEncrypted() {
    assertThat(Endpoint.parse("https://etcd.example:2379/"))
        .isEqualTo(new Endpoint("etcd.example", 2379, true));
  }

  @Test
  void parse_addressOfVersion6_hasBracketsOnlyInText() {
    Endpoint endpoint = Endpoint.parse("http://[::1]:2379");
    assertThat(endpoint.host()).isEqualTo("::1");
    assertThat(endpoint).hasToString("http://[::1]:2379");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:0",
        "localhost:65536",
        "unix:///socket",
        "ftp://localhost:1",
        "http://localhost:1/path",
        "http://local host:1",
        "a:1,b:2",
        "://"
      })
  void parse_otherText_isNamed(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("endpoint: " + text + " (expected: ");
  }
}
