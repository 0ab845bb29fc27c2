// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DowngradesTest {

  @Test
  void check_oneMinorBelow() {
    assertThat(List.of("3.6", "3.6.0", "3.6.14")).allMatch(text -> Downgrades.check(text) == null);
  }

  @Test
  void check_otherVersions() {
    assertThat(List.of("3.7.0", "3.5.0", "2.6.0", "4.6.0", "3.8"))
        .allMatch(text -> Downgrades.check(text) == EtcdStatus.DOWNGRADE_INVALID_TARGET);
  }

  @Test
  void check_noVersions() {
    assertThat(List.of("", "x", "3", "3.", "3.6.x", "-3.6.0", "99999999999.6.0"))
        .allMatch(text -> Downgrades.check(text) == EtcdStatus.DOWNGRADE_BAD_VERSION);
  }
}
