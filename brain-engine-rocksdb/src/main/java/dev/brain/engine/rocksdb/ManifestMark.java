// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What RocksDB's manifest, the list of its tables, must still begin with. RocksDB itself takes a
 * manifest whose end is cut off for one that ends there, and one flipped bit in a length can cut
 * it.
 *
 * @param number the number in the manifest's file name
 * @param bytes how long it was at least
 * @param checksum CRC-32C of these bytes
 */
record ManifestMark(long number, long bytes, int checksum) {
  /** Asks nothing of a manifest. */
  static final ManifestMark NONE = new ManifestMark(0, 0, 0);

  /** Stands for the number of a manifest that CURRENT does not tell. */
  private static final long UNREADABLE = -1;

  private static final String PREFIX = "MANIFEST-";

  /**
   * The mark of the manifest that is in use, whose bytes are durable when this returns. Manifests
   * only grow, so a mark may be taken while RocksDB writes.
   *
   * @param known the last mark taken; the answer too if nothing has changed since
   */
  static ManifestMark of(Path directory, ManifestMark known) throws IOException {
    long number = current(directory);
    if (number == UNREADABLE) {
      throw new IOException("CURRENT names no manifest");
    }
    try (RandomAccessFile file = new RandomAccessFile(file(directory, number).toFile(), "rw")) {
      long bytes = file.length();
      if (known.number == number && known.bytes == bytes) {
        return known;
      }
      int checksum = checksum(file, bytes);
      file.getFD().sync();
      return new ManifestMark(number, bytes, checksum);
    }
  }

  /** What is wrong with the manifest in use according to this mark, or null if nothing is. */
  @Nullable String contradiction(Path directory) throws IOException {
    try {
      return compare(directory, current(directory));
    } catch (NoSuchFileException | FileNotFoundException e) {
      return "missing: " + e.getMessage();
    }
  }

  private @Nullable String compare(Path directory, long found) throws IOException {
    if (found == UNREADABLE) {
      return "CURRENT names no manifest";
    }
    if (found > number) {
      return null; // a later one, of which this mark knows nothing
    }
    if (found < number) {
      return "CURRENT names manifest " + found + " (expected: at least " + number + ")";
    }
    try (RandomAccessFile file = new RandomAccessFile(file(directory, number).toFile(), "r")) {
      if (file.length() < bytes) {
        return PREFIX
            + number
            + " has "
            + file.length()
            + " bytes (expected: at least "
            + bytes
            + ")";
      }
      return checksum(file, bytes) == checksum
          ? null
          : "the first " + bytes + " bytes of " + PREFIX + number + " have changed";
    }
  }

  private static long current(Path directory) throws IOException {
    String name = Files.readString(directory.resolve("CURRENT"), StandardCharsets.ISO_8859_1);
    try {
      if (name.startsWith(PREFIX) && name.endsWith("\n")) {
        return Long.parseLong(name.substring(PREFIX.length(), name.length() - 1));
      }
    } catch (NumberFormatException _) {
      // Answered below.
    }
    return UNREADABLE;
  }

  private static Path file(Path directory, long number) {
    return directory.resolve("%s%06d".formatted(PREFIX, number));
  }

  private static int checksum(RandomAccessFile file, long bytes) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] part = new byte[(int) Math.min(bytes, 64 << 10)];
    for (long left = bytes; left > 0; ) {
      int length = file.read(part, 0, (int) Math.min(left, part.length));
      if (length < 0) {
        throw new EOFException("a manifest got shorter while it was read");
      }
      checksum.update(part, 0, length);
      left -= length;
    }
    return (int) checksum.getValue();
  }
}
