// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/** A cursor that asks another one. */
public abstract class ForwardingCursor implements Cursor {
  private final Cursor delegate;

  protected ForwardingCursor(Cursor delegate) {
    this.delegate = delegate;
  }

  @Override
  public boolean next() {
    return delegate.next();
  }

  @Override
  public byte[] key() {
    return delegate.key();
  }

  @Override
  public byte[] value() {
    return delegate.value();
  }

  @Override
  public int value(byte[] target) {
    return delegate.value(target);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
