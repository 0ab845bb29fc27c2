// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.memory;

import dev.brain.engine.Cursor;
import dev.brain.engine.EngineException;
import dev.brain.engine.KeyRange;
import dev.brain.engine.ScanOptions;
import dev.brain.engine.Snapshot;
import dev.brain.engine.Space;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reference to one version. Thread-safe. */
final class MemorySnapshot implements Snapshot {
  private final MemoryEngine engine;
  private final Version version;
  private volatile boolean closed;

  MemorySnapshot(MemoryEngine engine, Version version) {
    this.engine = engine;
    this.version = version;
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    requireOpen();
    return version.get(space, key);
  }

  @Override
  public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
    requireOpen();
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(version.get(space, key));
    }
    return values;
  }

  @Override
  public Cursor scan(Space space, KeyRange range, ScanOptions options) {
    requireOpen();
    return new MemoryCursor(this, version.root(space), range, options.reverse());
  }

  void requireOpen() {
    if (closed) {
      throw new EngineException.Closed("the snapshot is closed");
    }
    engine.requireOpen();
  }

  @Override
  public void close() {
    closed = true;
  }
}
