// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.snapshot;

import com.google.common.io.CountingOutputStream;
import dev.brain.engine.Cursor;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;

/** Writes snapshot files. */
public final class SnapshotWriter {
  private static final int BUFFER_BYTES = 64 * 1024;

  private SnapshotWriter() {}

  /**
   * Writes every row that a snapshot of an engine holds, one at a time in memory. Closes neither.
   *
   * @throws dev.brain.engine.EngineException if the engine cannot be read; the file is incomplete
   *     then
   */
  public static void write(Snapshot snapshot, OutputStream target) throws IOException {
    DigestOutputStream digest = new DigestOutputStream(target, SnapshotFormat.newDigest());
    CountingOutputStream counter =
        new CountingOutputStream(new BufferedOutputStream(digest, BUFFER_BYTES));
    DataOutputStream out = new DataOutputStream(counter);
    out.write(SnapshotFormat.MAGIC);
    out.writeInt(SnapshotFormat.VERSION);
    long rows = 0;
    for (Space space : SnapshotFormat.SPACES) {
      try (Cursor cursor = snapshot.scan(space, KeyRange.all(), ScanOptions.FORWARD)) {
        while (cursor.next()) {
          byte[] key = cursor.key();
          byte[] value = cursor.value();
          out.writeByte(space.id());
          out.writeInt(key.length);
          out.writeInt(value.length);
          out.write(key);
          out.write(value);
          rows++;
        }
      }
    }
    out.writeByte(SnapshotFormat.END);
    out.writeLong(rows);
    long behind = counter.getCount() % SnapshotFormat.BLOCK_BYTES;
    if (behind != 0) {
      out.write(new byte[Math.toIntExact(SnapshotFormat.BLOCK_BYTES - behind)]);
    }
    out.flush();
    digest.on(false);
    digest.write(digest.getMessageDigest().digest());
    digest.flush();
  }
}
