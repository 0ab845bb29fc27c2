// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import dev.brain.engine.EngineException;
import dev.brain.engine.Space;
import dev.brain.server.mvcc.StoreCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is in a snapshot file, after all of it was checked.
 *
 * @param hash the first four bytes of its SHA-256
 * @param revision the newest revision in it
 * @param totalKeys how many versions of keys it holds, deletions counted
 * @param totalBytes the size of the file
 */
public record SnapshotSummary(int hash, long revision, long totalKeys, long totalBytes) {

  /**
   * Reads and checks a whole file, one row at a time in memory.
   *
   * @throws SnapshotException if the file is not, in all its parts, a snapshot of a store
   */
  public static SnapshotSummary of(Path file) throws IOException {
    StoreCopy.Revisions revisions = new StoreCopy.Revisions();
    long[] keys = {0};
    byte[] hash =
        SnapshotReader.read(
            file,
            (space, key, value) -> {
              check(file, revisions, space, key, value);
              if (space == Space.HEAD || space == Space.HISTORY) {
                keys[0]++;
              }
            });
    if (!revisions.isStore()) {
      throw new SnapshotException("snapshot " + file + ": holds no store of a known format");
    }
    return new SnapshotSummary(
        ByteBuffer.wrap(hash).getInt(), revisions.newest(), keys[0], Files.size(file));
  }

  private static void check(
      Path file, StoreCopy.Revisions revisions, Space space, byte[] key, byte[] value)
      throws SnapshotException {
    try {
      revisions.row(space, key, value);
    } catch (EngineException.Corrupted e) {
      throw new SnapshotException("snapshot " + file + ": " + e.getMessage());
    }
  }
}
