// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUsageTest {
  @TempDir Path root;

  @BeforeEach
  void write() throws IOException {
    Path process = Files.createDirectory(root.resolve("42"));
    Files.writeString(
        process.resolve("stat"),
        "42 (a (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 7 8 20 0 9 0 1234 5 6 7\n");
    Files.writeString(
        process.resolve("status"), "Name:\ta\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n");
  }

  @Test
  void read_process_addsUserAndSystemTime() throws IOException {
    assertThat(ProcessUsage.read(root, 42)).isEqualTo(new ProcessUsage(2, 1 << 20, 2 << 20));
  }

  @Test
  void read_noSuchProcess_throws() {
    assertThatThrownBy(() -> ProcessUsage.read(root, 43)).isInstanceOf(IOException.class);
  }

  @Test
  void between_twoSamples_isMeanOverTheTime() {
    var before = new UsageProbe.Sample(0, new ProcessUsage(1, 0, 0), null);
    var after = new UsageProbe.Sample(4_000_000_000L, new ProcessUsage(3, 10, 20), null);
    assertThat(Usage.between(before.server(), after.server(), before, after))
        .isEqualTo(new Usage(0.5, 10, 20));
    assertThat(Usage.between(before.client(), after.client(), before, after)).isNull();
  }

  @Test
  void sample_unknownProcesses_isEmpty() throws IOException {
    UsageProbe.Sample sample = new UsageProbe(root, 43, 42).sample(7);
    assertThat(sample.server()).isNull();
    assertThat(sample.client()).isNotNull();
    assertThat(new UsageProbe(root, 0, 42).sample(7).server()).isNull();
  }
}
