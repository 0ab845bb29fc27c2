// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small file beside the database that says what must be found in it again: that at least so many
 * commits are durable, and how the manifest begins. It also names the format of the directory.
 *
 * <p>Thread-safe. What is written survives the death of the process at once, and loss of power
 * after the next {@link #sync}.
 */
final class HighWater implements AutoCloseable {
  /*
   * The file has two slots, a block of the disk apart, which are written in turn: while one is being
   * written the other one is whole. A slot counts if its checksum is right; of two that count the
   * one with the greater turn does. All files of a directory are of one format, named here.
   */

  /** The format of directories that this program writes. */
  static final int FORMAT = 1;

  private static final long MAGIC = 0x425241494e524b31L; // BRAINRK1
  private static final int SLOT_BYTES = 56;
  private static final int SLOT_DISTANCE = 4096;
  private static final int FILE_BYTES = 2 * SLOT_DISTANCE;

  /** What one slot says. */
  private record Slot(int format, long turn, long commits, ManifestMark manifest) {}

  private final RandomAccessFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
  private Slot newest;

  private HighWater(RandomAccessFile file, Slot newest) {
    this.file = file;
    this.newest = newest;
  }

  /** Makes the file, durable and whole from the moment that it has its name. */
  static HighWater create(Path path, long commits) throws IOException {
    Path unnamed = path.resolveSibling(path.getFileName() + DurableFiles.UNFINISHED);
    Files.deleteIfExists(unnamed);
    RandomAccessFile file = new RandomAccessFile(unnamed.toFile(), "rw");
    try {
      file.setLength(FILE_BYTES);
      HighWater water = new HighWater(file, new Slot(FORMAT, 0, commits, ManifestMark.NONE));
      for (int slot = 0; slot < 2; slot++) {
        water.reset(commits, ManifestMark.NONE);
      }
      water.sync();
      DurableFiles.rename(unnamed, path);
      return water;
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /**
   * Opens the file.
   *
   * @return null if neither slot is whole
   * @throws EngineException.Corrupted if it is of a newer format
   */
  static @Nullable HighWater open(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      byte[] content = new byte[FILE_BYTES];
      int length = Math.max(0, file.read(content));
      Slot newest = null;
      for (int slot = 0; slot < 2; slot++) {
        Slot found = length >= slot * SLOT_DISTANCE + SLOT_BYTES ? read(content, slot) : null;
        if (found != null && (newest == null || found.turn > newest.turn)) {
          newest = found;
        }
      }
      if (newest == null) {
        file.close();
        return null;
      }
      if (newest.format > FORMAT) {
        throw new EngineException.Corrupted(
            path.getParent()
                + ": written in format "
                + newest.format
                + " by a newer version (expected: at most format "
                + FORMAT
                + ")",
            null);
      }
      return new HighWater(file, newest);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** How many commits must be there at least. */
  synchronized long commits() {
    return newest.commits;
  }

  /** How the manifest must begin. */
  synchronized ManifestMark manifest() {
    return newest.manifest;
  }

  /** Notes that all commits up to a number are durable. */
  synchronized void advance(long commits) throws IOException {
    reset(Math.max(newest.commits, commits), newest.manifest);
  }

  /** Notes how the manifest begins. */
  synchronized void advance(ManifestMark manifest) throws IOException {
    if (!manifest.equals(newest.manifest)) {
      reset(newest.commits, manifest);
    }
  }

  /** Notes what was found, even if it is less than what was known. */
  synchronized void reset(long commits, ManifestMark manifest) throws IOException {
    write(new Slot(FORMAT, newest.turn + 1, commits, manifest));
  }

  private void write(Slot slot) throws IOException {
    buffer
        .clear()
        .putLong(MAGIC)
        .putInt(slot.format)
        .putLong(slot.turn)
        .putLong(slot.commits)
        .putLong(slot.manifest.number())
        .putLong(slot.manifest.bytes())
        .putInt(slot.manifest.checksum())
        .putInt(0);
    buffer.putInt(checksum(buffer.array(), 0));
    file.seek(slot.turn % 2 * SLOT_DISTANCE);
    file.write(buffer.array());
    newest = slot;
  }

  private static @Nullable Slot read(byte[] content, int slot) {
    int offset = slot * SLOT_DISTANCE;
    ByteBuffer from = ByteBuffer.wrap(content, offset, SLOT_BYTES);
    if (from.getLong() != MAGIC) {
      return null;
    }
    Slot found =
        new Slot(
            from.getInt(),
            from.getLong(),
            from.getLong(),
            new ManifestMark(from.getLong(), from.getLong(), from.getInt()));
    from.getInt();
    return from.getInt() == checksum(content, offset) ? found : null;
  }

  private static int checksum(byte[] content, int offset) {
    CRC32C checksum = new CRC32C();
    checksum.update(content, offset, SLOT_BYTES - Integer.BYTES);
    return (int) checksum.getValue();
  }

  /** Makes what was written so far survive loss of power. Writing goes on meanwhile. */
  void sync() throws IOException {
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
