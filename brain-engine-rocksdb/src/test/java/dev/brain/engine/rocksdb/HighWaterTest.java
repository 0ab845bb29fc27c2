// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWaterTest {
  private static final int SLOT_DISTANCE = 4096;
  private static final int FORMAT_OFFSET = 8;
  private static final int CHECKSUM_OFFSET = 52;

  @TempDir Path temporary;

  @Test
  void open_afterAdvances_tellsTheLast() throws IOException {
    Path file = temporary.resolve("high-water");
    ManifestMark manifest = new ManifestMark(5, 100, 7);
    try (HighWater water = HighWater.create(file, 1)) {
      for (long commits = 2; commits <= 9; commits++) {
        water.advance(commits);
      }
      water.advance(manifest);
      water.advance(8); // never goes back by advancing
    }

    try (HighWater water = HighWater.open(file)) {
      assertThat(water).isNotNull();
      assertThat(water.commits()).isEqualTo(9);
      assertThat(water.manifest()).isEqualTo(manifest);
      water.reset(3, ManifestMark.NONE);
    }
    assertThat(commitsIn(file)).isEqualTo(3);
  }

  /** Each byte of the file on its own. */
  @Test
  void open_oneByteDamaged_tellsOneOfTheLastTwo() throws IOException {
    Path file = temporary.resolve("high-water");
    try (HighWater water = HighWater.create(file, 1)) {
      water.advance(2);
      water.advance(3);
    }
    byte[] content = Files.readAllBytes(file);

    for (int slot = 0; slot < 2; slot++) {
      for (int offset = 0; offset < CHECKSUM_OFFSET + Integer.BYTES; offset++) {
        byte[] damaged = content.clone();
        damaged[slot * SLOT_DISTANCE + offset] ^= 0x10;
        Files.write(file, damaged);
        assertThat(commitsIn(file)).isEqualTo(slot == 0 ? 2 : 3);
      }
    }
  }

  @Test
  void open_bothSlotsDamaged_isNull() throws IOException {
    Path file = temporary.resolve("high-water");
    HighWater.create(file, 1).close();
    byte[] content = Files.readAllBytes(file);
    content[20] ^= 1;
    content[SLOT_DISTANCE + 20] ^= 1;
    Files.write(file, content);

    assertThat(HighWater.open(file)).isNull();
    Files.write(file, new byte[0]);
    assertThat(HighWater.open(file)).isNull();
  }

  /** Makes a file one that a later version wrote. */
  static void raiseFormat(Path file) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    for (int slot = 0; slot < 2; slot++) {
      int offset = slot * SLOT_DISTANCE;
      content.putInt(offset + FORMAT_OFFSET, HighWater.FORMAT + 1);
      CRC32C checksum = new CRC32C();
      checksum.update(content.array(), offset, CHECKSUM_OFFSET);
      content.putInt(offset + CHECKSUM_OFFSET, (int) checksum.getValue());
    }
    Files.write(file, content.array());
  }

  private static long commitsIn(Path file) throws IOException {
    try (HighWater water = HighWater.open(file)) {
      return water == null ? -1 : water.commits();
    }
  }
}
