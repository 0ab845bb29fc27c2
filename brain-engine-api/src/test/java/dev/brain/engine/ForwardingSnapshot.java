// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A snapshot that asks another one. */
public abstract class ForwardingSnapshot implements Snapshot {
  private final Snapshot delegate;

  protected ForwardingSnapshot(Snapshot delegate) {
    this.delegate = delegate;
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return delegate.get(space, key);
  }

  @Override
  public List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
    return delegate.multiGet(space, keys);
  }

  @Override
  public Cursor scan(Space space, KeyRange range, ScanOptions options) {
    return delegate.scan(space, range, options);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
