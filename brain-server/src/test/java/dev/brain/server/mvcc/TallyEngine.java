// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.engine.Cursor;
import dev.brain.engine.Engine;
import dev.brain.engine.ForwardingCursor;
import dev.brain.engine.ForwardingEngine;
import dev.brain.engine.ForwardingSnapshot;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An engine that counts the rows that are read. */
final class TallyEngine extends ForwardingEngine {
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong scannedHeads = new AtomicLong();

  TallyEngine(Engine below) {
    super(below);
  }

  /** How many heads scans have read since the last call. */
  long takeHeadsRead() {
    return scannedHeads.getAndSet(0);
  }

  /** How many rows of any kind were read or looked for since the last call. */
  long takeRowsRead() {
    return rows.getAndSet(0);
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    rows.incrementAndGet();
    return super.get(space, key);
  }

  @Override
  public Snapshot snapshot() {
    return new ForwardingSnapshot(super.snapshot()) {
      @Override
      public byte @Nullable [] get(Space space, byte[] key) {
        rows.incrementAndGet();
        return super.get(space, key);
      }

      @Override
      public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
        rows.addAndGet(keys.size());
        return super.multiGet(space, keys);
      }

      @Override
      public Cursor scan(Space space, KeyRange range, ScanOptions options) {
        return new TallyCursor(super.scan(space, range, options), space == Space.HEAD);
      }
    };
  }

  private final class TallyCursor extends ForwardingCursor {
    private final boolean heads;

    TallyCursor(Cursor below, boolean heads) {
      super(below);
      this.heads = heads;
    }

    @Override
    public boolean next() {
      boolean found = super.next();
      rows.addAndGet(found ? 1 : 0);
      scannedHeads.addAndGet(found && heads ? 1 : 0);
      return found;
    }
  }
}
