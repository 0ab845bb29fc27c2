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
import java.util.concurrent.atomic.AtomicLong;

/** An engine that counts the heads that scans read. */
final class TallyEngine extends ForwardingEngine {
  private final AtomicLong heads = new AtomicLong();

  TallyEngine(Engine below) {
    super(below);
  }

  /** How many heads were read since the last call. */
  long takeHeadsRead() {
    return heads.getAndSet(0);
  }

  @Override
  public Snapshot snapshot() {
    return new ForwardingSnapshot(super.snapshot()) {
      @Override
      public Cursor scan(Space space, KeyRange range, ScanOptions options) {
        Cursor cursor = super.scan(space, range, options);
        return space == Space.HEAD ? new TallyCursor(cursor) : cursor;
      }
    };
  }

  private final class TallyCursor extends ForwardingCursor {
    TallyCursor(Cursor below) {
      super(below);
    }

    @Override
    public boolean next() {
      boolean found = super.next();
      heads.addAndGet(found ? 1 : 0);
      return found;
    }
  }
}
