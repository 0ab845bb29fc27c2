// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.server.mvcc.StoreCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Puts the store of a snapshot file into a new engine. For one thread. */
public final class SnapshotRestore {
  /*
   * Everything is checked first: the file by reading all of it, the target by looking whether it is
   * empty. Then rows are copied in batches, behind a mark that keeps a store from opening on a part
   * of them; the last batch replaces the mark by what makes the copy a store. The file is read and
   * hashed a second time for the copy, so that a file that was changed in between is not used.
   */

  private static final long BATCH_BYTES = 4 << 20;
  private static final int BATCH_ROWS = 10_000;

  private final Engine engine;
  private final StoreCopy copy;
  private WriteBatch batch = new WriteBatch();

  private SnapshotRestore(Engine engine, StoreCopy copy) {
    this.engine = engine;
    this.copy = copy;
  }

  /**
   * Restores a file. Blocks.
   *
   * @param target where to; its directory must not exist, or be empty, and be no symbolic link
   * @param random makes the ids of the new cluster and member: it is another one from now on
   * @return what was restored
   * @throws SnapshotException if the file is no snapshot, or the target is not empty; nothing was
   *     written then
   * @throws dev.brain.engine.EngineException if the target cannot be opened or written
   */
  public static SnapshotSummary restore(
      Path file,
      EngineFactory factory,
      EngineSettings target,
      RestoreOptions options,
      RandomGenerator random)
      throws IOException {
    SnapshotSummary summary = SnapshotSummary.of(file);
    checkDirectory(target.directory());
    try (Engine engine = factory.open(target)) {
      checkEmpty(engine, target.directory());
      long floor = Math.addExact(summary.revision(), options.bumpRevision());
      StoreCopy copy = new StoreCopy(floor, options.markCompacted(), random);
      new SnapshotRestore(engine, copy).copy(file, summary);
    }
    return summary;
  }

  private void copy(Path file, SnapshotSummary checked) throws IOException {
    copy.begin(batch);
    commit();
    byte[] hash = SnapshotReader.read(file, this::row);
    if (ByteBuffer.wrap(hash).getInt() != checked.hash()) {
      throw new SnapshotException("snapshot " + file + ": was changed while it was restored");
    }
    copy.finish(batch);
    commit();
  }

  private void row(Space space, byte[] key, byte[] value) {
    if (!copy.isCopied(space, key)) {
      return;
    }
    batch.put(space, key, value);
    if (batch.bytes() >= BATCH_BYTES || batch.operations().size() >= BATCH_ROWS) {
      commit();
    }
  }

  private void commit() {
    CommitOutcome outcome = engine.commit(batch);
    if (!(outcome instanceof CommitOutcome.Committed)) {
      throw new EngineException.Unavailable("restore: a commit ended with " + outcome, null);
    }
    batch = new WriteBatch();
  }

  private static void checkDirectory(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new SnapshotException(
          "data directory " + directory + ": is a symbolic link (expected: absent or empty)");
    }
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> children = Files.list(directory)) {
      if (children.findAny().isPresent()) {
        throw new SnapshotException(
            "data directory " + directory + ": is not empty (expected: absent or empty)");
      }
    }
  }

  private static void checkEmpty(Engine engine, Path directory) throws IOException {
    try (Snapshot snapshot = engine.snapshot()) {
      for (Space space : Space.values()) {
        try (Cursor cursor = snapshot.scan(space, KeyRange.all(), ScanOptions.KEYS)) {
          if (cursor.next()) {
            throw new SnapshotException(
                "engine of data directory " + directory + ": holds data (expected: none)");
          }
        }
      }
    }
  }
}
