// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import dev.brain.server.kv.Failure;

/** A sink that hands everything to another one. */
class ForwardingSink implements WatchSink {
  private final WatchSink target;

  ForwardingSink(WatchSink target) {
    this.target = target;
  }

  @Override
  public boolean isReady() {
    return target.isReady();
  }

  @Override
  public void events(WatchBatch batch) {
    target.events(batch);
  }

  @Override
  public void progress(long watchId, long revision) {
    target.progress(watchId, revision);
  }

  @Override
  public void compacted(long watchId, long compactRevision) {
    target.compacted(watchId, compactRevision);
  }

  @Override
  public void stopped() {
    target.stopped();
  }

  @Override
  public void failed(Failure failure) {
    target.failed(failure);
  }
}
