// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import com.google.common.io.ByteStreams;
import com.google.common.io.CountingInputStream;
import dev.brain.engine.Space;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads snapshot files, believing nothing in them. */
final class SnapshotReader {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Takes rows in the order of the file. */
  interface RowConsumer {
    /** Takes one row and owns its arrays. */
    void row(Space space, byte[] key, byte[] value) throws IOException;
  }

  private final Path file;
  private final RowConsumer consumer;
  private int spaceIndex;
  private byte @Nullable [] lastKey;

  private SnapshotReader(Path file, RowConsumer consumer) {
    this.file = file;
    this.consumer = consumer;
  }

  /**
   * Reads a whole file, twice: nothing of it is looked at before its hash was found right. Since
   * the hash is that of the first time, the caller must not act on rows for good before this
   * returns.
   *
   * @return the hash at its end
   * @throws SnapshotException if the file is not, in all its parts, a snapshot
   */
  static byte[] read(Path file, RowConsumer consumer) throws IOException {
    return new SnapshotReader(file, consumer).read();
  }

  private byte[] read() throws IOException {
    long size = Files.size(file);
    if (size % SnapshotFormat.BLOCK_BYTES != SnapshotFormat.HASH_BYTES) {
      throw fault(
          size + " bytes (expected: a multiple of 512, and 32); it is cut short or no snapshot");
    }
    long hashed = size - SnapshotFormat.HASH_BYTES;
    byte[] hash =
        digest(hashed, (data, counter) -> data.transferTo(OutputStream.nullOutputStream()));
    byte[] again = digest(hashed, (data, counter) -> readAll(data, counter, hashed));
    if (!MessageDigest.isEqual(hash, again)) {
      throw fault("changes while it is read");
    }
    return hash;
  }

  /** Something that reads the file up to its hash. */
  private interface Content {
    void read(DataInputStream data, CountingInputStream counter) throws IOException;
  }

  private byte[] digest(long hashed, Content content) throws IOException {
    MessageDigest digest = SnapshotFormat.newDigest();
    try (InputStream in = Files.newInputStream(file)) {
      CountingInputStream counter =
          new CountingInputStream(
              new BufferedInputStream(
                  new DigestInputStream(ByteStreams.limit(in, hashed), digest), BUFFER_BYTES));
      content.read(new DataInputStream(counter), counter);
      byte[] expected = in.readNBytes(SnapshotFormat.HASH_BYTES);
      byte[] actual = digest.digest();
      if (!MessageDigest.isEqual(expected, actual)) {
        throw fault(
            "SHA-256 is "
                + HexFormat.of().formatHex(actual)
                + " (expected: "
                + HexFormat.of().formatHex(expected)
                + "); it is damaged or no snapshot");
      }
      return actual;
    }
  }

  private void readAll(DataInputStream data, CountingInputStream counter, long end)
      throws IOException {
    try {
      readHead(data);
      readRows(data, counter, end);
      readPadding(data);
    } catch (EOFException e) {
      throw fault("ends in the middle of a row");
    }
  }

  private void readHead(DataInputStream data) throws IOException {
    if (!Arrays.equals(data.readNBytes(SnapshotFormat.MAGIC.length), SnapshotFormat.MAGIC)) {
      throw fault("does not begin with BRAINSNP; it is no snapshot of this server");
    }
    int version = data.readInt();
    if (version != SnapshotFormat.VERSION) {
      throw fault("format version " + version + " (expected: " + SnapshotFormat.VERSION + ")");
    }
  }

  private void readRows(DataInputStream data, CountingInputStream counter, long end)
      throws IOException {
    long rows = 0;
    for (byte id = data.readByte(); id != SnapshotFormat.END; id = data.readByte()) {
      long position = counter.getCount() - 1;
      Space space = space(id, position);
      int keyLength = data.readInt();
      int valueLength = data.readInt();
      checkLengths(keyLength, valueLength, end - counter.getCount(), position);
      byte[] key = data.readNBytes(keyLength);
      byte[] previous = lastKey;
      if (previous != null && Arrays.compareUnsigned(previous, key) >= 0) {
        throw fault("row out of order at byte " + position);
      }
      lastKey = key;
      consumer.row(space, key, data.readNBytes(valueLength));
      rows++;
    }
    long expected = data.readLong();
    if (rows != expected) {
      throw fault(rows + " rows (expected: " + expected + ")");
    }
  }

  private Space space(byte id, long position) throws IOException {
    for (int i = spaceIndex; i < SnapshotFormat.SPACES.size(); i++) {
      Space space = SnapshotFormat.SPACES.get(i);
      if (space.id() == id) {
        if (i != spaceIndex) {
          spaceIndex = i;
          lastKey = null;
        }
        return space;
      }
    }
    throw fault("row of space " + (id & 0xff) + " at byte " + position + " (not expected there)");
  }

  private void checkLengths(int key, int value, long left, long position) throws IOException {
    boolean possible =
        key >= 0
            && key <= SnapshotFormat.MAX_LENGTH
            && value >= 0
            && value <= SnapshotFormat.MAX_LENGTH
            && (long) key + value <= left;
    if (!possible) {
      throw fault(
          "row at byte "
              + position
              + ": key of "
              + key
              + " and value of "
              + value
              + " bytes (expected: at most "
              + left
              + " together)");
    }
  }

  private void readPadding(DataInputStream data) throws IOException {
    byte[] padding = data.readNBytes(SnapshotFormat.BLOCK_BYTES);
    if (padding.length == SnapshotFormat.BLOCK_BYTES) {
      throw fault("bytes behind its end");
    }
    for (byte each : padding) {
      if (each != 0) {
        throw fault("bytes behind its end");
      }
    }
  }

  private SnapshotException fault(String what) {
    return new SnapshotException("snapshot " + file + ": " + what);
  }
}
