// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerUrlsTest {

  @Test
  void areValid_asEtcdSees() {
    assertThat(PeerUrls.areValid(List.of())).isFalse();
    assertThat(List.of("", "foo", "http://a", "ftp://a:1", "http://a:1/path", "http://[::1"))
        .allMatch(url -> !PeerUrls.areValid(List.of(url)));
    assertThat(List.of("http://a:1", "https://10.0.0.1:2380", "http://[::1]:2380"))
        .allMatch(url -> PeerUrls.areValid(List.of(url)));
    assertThat(PeerUrls.areValid(List.of("http://a:1", "foo"))).isFalse();
  }
}
