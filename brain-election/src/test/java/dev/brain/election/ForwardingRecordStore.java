// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import java.util.Optional;

/** A store that asks another one; what a wrapper does otherwise it overrides. */
class ForwardingRecordStore implements LeaderRecordStore {
  private final LeaderRecordStore delegate;

  ForwardingRecordStore(LeaderRecordStore delegate) {
    this.delegate = delegate;
  }

  @Override
  public Optional<Stored> read() {
    return delegate.read();
  }

  @Override
  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
    return delegate.write(expected, next);
  }

  @Override
  public boolean canVanish() {
    return delegate.canVanish();
  }

  @Override
  public String toString() {
    return delegate.toString();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
