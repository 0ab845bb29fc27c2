// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tikv.common.TiConfiguration;
import org.tikv.common.TiSession;

/** The emulator as a process, and TiKV's own client before it. */
class EmulatorProcessTest {
  @TempDir Path directory;

  @Test
  void process_servesTikvsClient() throws Exception {
    try (EmulatorHandle emulator = EmulatorHandle.start(3, directory.resolve("log"))) {
      emulator.execute("split k");
      emulator.execute("move-leader z 3");
      TiSession session = TiSession.create(TiConfiguration.createDefault(emulator.pdAddress()));
      try {
        assertThat(session.getTimestamp().getVersion()).isPositive();
        assertThat(session.getRegionManager().getStoreById(3).getId()).isEqualTo(3);
      } finally {
        session.close();
      }
      assertThat(emulator.execute("regions")).isEqualTo("2");
      assertThat(emulator.execute("leader z")).isEqualTo("3");
      assertThat(Long.parseLong(emulator.execute("calls Tso"))).isPositive();
    }
  }

  @Test
  void process_toldNonsense_saysSoAndGoesOn() {
    try (EmulatorHandle emulator = EmulatorHandle.start(1, directory.resolve("log"))) {
      assertThatThrownBy(() -> emulator.execute("split")).hasMessageStartingWith("error split");
      assertThatThrownBy(() -> emulator.execute("stop-store 2"))
          .hasMessage("error stop-store 2: store 2 is none of 1 to 1");
      assertThatThrownBy(() -> emulator.execute("dance")).hasMessageContaining("no such command");
      assertThat(emulator.execute("regions")).isEqualTo("1");
    }
  }

  @Test
  void process_whoseInputEnds_ends() throws Exception {
    try (EmulatorHandle emulator = EmulatorHandle.start(1, directory.resolve("log"))) {
      emulator.process().getOutputStream().close();

      assertThat(emulator.process().waitFor()).isZero();
    }
  }
}
