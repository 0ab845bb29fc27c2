// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import dev.brain.engine.Engine;
import dev.brain.engine.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A snapshot on its way to a client, in a file that has no name any more and goes away with this.
 * For one thread at a time.
 */
public final class SnapshotSpool implements AutoCloseable {
  private final FileChannel file;
  private final long size;
  private final Place place;
  private long position;

  /** Where snapshots are spooled; one at a time. Thread-safe. */
  public static final class Place {
    private static final FileAttribute<?> PRIVATE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * A place.
     *
     * @param directory on the data's own disk, which has room for the data twice, and as closed to
     *     others as the data itself; must exist
     */
    public Place(Path directory) {
      this.directory = directory;
    }

    /** Takes the place; false if a snapshot is being sent already. */
    public boolean tryTake() {
      return taken.compareAndSet(false, true);
    }

    /** Gives the place back, if there is no spool that does so when it is closed. */
    public void release() {
      taken.set(false);
    }

    /**
     * Writes a snapshot of an engine to the place that the caller has taken; closing the result
     * gives the place back. Blocks.
     */
    public SnapshotSpool write(Engine engine) throws IOException {
      FileChannel channel = null;
      SnapshotSpool spool = null;
      try {
        channel = open();
        try (Snapshot snapshot = engine.snapshot()) {
          SnapshotWriter.write(snapshot, Channels.newOutputStream(channel));
        }
        spool = new SnapshotSpool(channel, channel.size(), this);
        return spool;
      } finally {
        if (spool == null && channel != null) {
          channel.close();
        }
      }
    }

    private FileChannel open() throws IOException {
      Path path = Files.createTempFile(directory, "snapshot-", ".tmp", PRIVATE);
      try {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } finally {
        // Without a name the space is given back whatever becomes of this process.
        Files.delete(path);
      }
    }
  }

  private SnapshotSpool(FileChannel file, long size, Place place) {
    this.file = file;
    this.size = size;
    this.place = place;
  }

  /** The bytes that are left to read, the hash at the end not counted. */
  public long remainingContent() {
    return Math.max(0, size - SnapshotFormat.HASH_BYTES - position);
  }

  /** Whether everything was read. */
  public boolean isDone() {
    return position == size;
  }

  /**
   * Reads the next piece. The hash is a piece of its own.
   *
   * @param most the most bytes wanted
   * @return at least one byte
   */
  public byte[] next(int most) throws IOException {
    long content = remainingContent();
    long wanted = content > 0 ? Math.min(most, content) : size - position;
    ByteBuffer piece = ByteBuffer.allocate(Math.toIntExact(wanted));
    while (piece.hasRemaining()) {
      int read = file.read(piece, position);
      if (read < 0) {
        throw new SnapshotException("spooled snapshot: ends at byte " + position);
      }
      position += read;
    }
    return piece.array();
  }

  @Override
  public void close() throws IOException {
    if (file.isOpen()) {
      file.close();
      place.release();
    }
  }
}
